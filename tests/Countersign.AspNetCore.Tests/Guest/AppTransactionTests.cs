using System.Data.Common;
using System.Security.Claims;
using Countersign.AspNetCore.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>
/// An app changes accounts inside its own transaction. Its connection has SQLite's write lock, and other connections see the old account until the commit. So
/// the sessions learn of the change after it, and never of one that was rolled back.
/// </summary>
public sealed class AppTransactionTests
{
    [Theory]
    [InlineData("role", "", true)]
    [InlineData("role", "", false)]
    [InlineData("role", "UserClaims", true)]
    [InlineData("claim", "UserClaims", true)]
    [InlineData("user name", "", true)]
    [InlineData("user name", "UserClaims", true)]
    [InlineData("role renamed", "", true)]
    [InlineData("role renamed", "RoleClaims", false)]
    public async Task Change_Committed_IsStaleAfterTheCommitAndNotBefore(string change, string option, bool isAsync)
    {
        await using var app = await StartAsync(option);
        var access = await LogInAsync(app);

        await RunAsync(app, change, async (_, transaction) =>
        {
            Assert.Equal(200, (await app.SendAsync("GET", "/me", null, access)).Status);
            await EndAsync(transaction, isAsync);
        });

        Assert.Equal("token_stale", (await app.SendAsync("GET", "/me", null, access)).Code);
    }

    [Theory]
    [InlineData("role", "")]
    [InlineData("claim", "UserClaims")]
    [InlineData("password", "")]
    public async Task Change_RolledBack_ChangesNothing(string change, string option)
    {
        await using var app = await StartAsync(option);
        var access = await LogInAsync(app);

        await RunAsync(app, change, static (_, transaction) => transaction.RollbackAsync());

        Assert.Equal(200, (await app.SendAsync("GET", "/me", null, access)).Status);
    }

    [Fact]
    public async Task Password_ChangedAndCommitted_EndsTheSessions()
    {
        await using var app = await StartAsync("");
        var access = await LogInAsync(app);

        await RunAsync(app, "password", static (_, transaction) => transaction.CommitAsync());

        Assert.Equal("session_revoked", (await app.SendAsync("GET", "/me", null, access)).Code);
    }

    /// <summary>Exceptions after a commit would make a retrying strategy repeat the app's work.</summary>
    [Fact]
    public async Task Change_SessionsCanNotBeTold_TheCommitSucceedsAndTheLogSaysSo()
    {
        await using var app = await StartAsync("");
        await LogInAsync(app);

        await RunAsync(app, "role", static async (context, transaction) =>
        {
            await context.Database.ExecuteSqlRawAsync("ALTER TABLE countersign_sessions RENAME TO away");
            await transaction.CommitAsync();
        });

        Assert.Contains(app.Log.Lines, static line => line.Event == 3023);
    }

    /// <summary>A derived manager passes the request's token on, as Identity's own does in a web app. The client is gone as soon as it is saved.</summary>
    [Theory]
    [InlineData("role", "")]
    [InlineData("role", "UserClaims")]
    [InlineData("user name", "UserClaims")]
    public async Task Change_RequestIsCancelledAfterTheSave_IsStale(string change, string option)
    {
        await using var app = await StartAsync(option, static services => services.AddScoped<UserManager<GuestUser>, HurriedManager>());
        var access = await LogInAsync(app);

        await using (var scope = app.Services.CreateAsyncScope())
        {
            await ChangeAsync(scope.ServiceProvider, change);
        }

        Assert.Equal("token_stale", (await app.SendAsync("GET", "/me", null, access)).Code);
    }

    private static Task<GuestApp> StartAsync(string option, Action<IServiceCollection>? add = null) => GuestApp.StartAsync(new GuestSetup
    {
        Settings = option.Length == 0 ? [] : new Dictionary<string, string?>(StringComparer.Ordinal) { [$"Auth:Claims:{option}"] = "true" },
        Services = add,
        MapApp = static app => app.MapGet("/me", static (CurrentUser user) => user.UserId),
    });

    private static async Task<string> LogInAsync(GuestApp app)
    {
        await app.CreateAsync("ann", "ann@example.com");
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>().CreateAsync(new IdentityRole("clerk"));
        }

        return (await app.LoginAsync("ann")).Json.GetProperty("access_token").GetString()!;
    }

    /// <summary>Changes the account in a transaction, in one scope, as a request does: the managers use the context that has the transaction.</summary>
    private static async Task RunAsync(GuestApp app, string change, Func<GuestContext, IDbContextTransaction, Task> end)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<GuestContext>();
        await using var transaction = await context.Database.BeginTransactionAsync();
        await ChangeAsync(scope.ServiceProvider, change);
        await end(context, transaction);
    }

    private static Task EndAsync(IDbContextTransaction transaction, bool isAsync)
    {
        if (isAsync)
        {
            return transaction.CommitAsync();
        }

#pragma warning disable CA1849 // An app may commit without a task.
        transaction.Commit();
#pragma warning restore CA1849
        return Task.CompletedTask;
    }

    private static async Task ChangeAsync(IServiceProvider services, string change)
    {
        var users = services.GetRequiredService<UserManager<GuestUser>>();
        var roles = services.GetRequiredService<RoleManager<IdentityRole>>();
        var user = (await users.FindByEmailAsync("ann@example.com"))!;
        var result = change switch
        {
            "role" => await users.AddToRoleAsync(user, "clerk"),
            "claim" => await users.AddClaimAsync(user, new Claim("tenant", "t1")),
            "password" => await users.ChangePasswordAsync(user, GuestApp.Password, "Nine grey geese, 3 owls"),
            "user name" => await RenameAsync(user, "anna"),
            _ => await RenameRoleAsync("scribe"),
        };
        Assert.True(result.Succeeded, result.ToString());

        Task<IdentityResult> RenameAsync(GuestUser account, string name)
        {
            account.UserName = name;
            return users.UpdateAsync(account);
        }

        async Task<IdentityResult> RenameRoleAsync(string name)
        {
            var role = (await roles.FindByNameAsync("clerk"))!;
            role.Name = name;
            return await roles.UpdateAsync(role);
        }
    }

    private sealed class HurriedManager(
        IUserStore<GuestUser> store,
        IOptions<IdentityOptions> options,
        IPasswordHasher<GuestUser> hasher,
        IEnumerable<IUserValidator<GuestUser>> userValidators,
        IEnumerable<IPasswordValidator<GuestUser>> passwordValidators,
        ILookupNormalizer normalizer,
        IdentityErrorDescriber errors,
        IServiceProvider services,
        ILogger<UserManager<GuestUser>> logger)
        : CountersignUserManager<GuestUser>(
            store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
    {
        private readonly CancellationTokenSource _gone = new();

        protected override CancellationToken CancellationToken => _gone.Token;

        protected override async Task<IdentityResult> UpdateUserAsync(GuestUser user)
        {
            ((GuestContext)((dynamic)Store).Context).SavedChanges += (_, _) => _gone.Cancel();
            return await base.UpdateUserAsync(user);
        }
    }
}
