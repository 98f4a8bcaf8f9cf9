using Countersign.AspNetCore.Mail;
using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Tests.Support;
using Countersign.Sessions;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using App = Countersign.AspNetCore.Tests.Support.TestApp<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests.Identity;

public sealed class CountersignUserManagerTests
{
    private const string NewPassword = "three herons by the weir";

    /// <summary>Each of Identity's ways to a hash, and how many the engine makes: new ones, comparisons.</summary>
    public static TheoryData<string, int, int> Ways => new()
    {
        { "create", 1, 0 },
        { "create-refused", 0, 0 },
        { "add", 1, 0 },
        { "add-to-password", 0, 0 },
        { "add-refused", 0, 0 },
        { "change", 1, 1 },
        { "change-wrong", 0, 1 },
        { "change-refused", 0, 1 },
        { "reset", 1, 0 },
        { "reset-wrong-token", 0, 0 },
        { "reset-refused", 0, 0 },
        { "remove", 0, 0 },
        { "check", 0, 1 },
        { "check-wrong", 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task UserManager_EveryWayToAHash_NeverHashesOnTheCallersThread(string way, int made, int compared)
    {
        var counting = new CountingPasswordHasher<AppUser>();
        await using var app = await App.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<AppUser>>(counting)));
        var plain = await app.CreateAsync("bob@example.com", "bob", password: null);
        var ann = await app.CreateAsync();
        app.Hashes.Reset();

        var succeeded = await RunAsync(app, way, ann, plain);

        Assert.Equal(way.Contains('-', StringComparison.Ordinal), !succeeded);
        Assert.Equal((made, compared), (app.Hashes.New, app.Hashes.Comparisons));
        Assert.Equal(0, counting.Calls);
    }

    private static Task<bool> RunAsync(App app, string way, string ann, string plain) => way switch
    {
        "create" => app.WithManagerAsync(async manager =>
            (await manager.CreateAsync(new AppUser { UserName = "cy", Email = "cy@example.com" }, NewPassword)).Succeeded),
        "create-refused" => app.WithManagerAsync(async manager =>
            (await manager.CreateAsync(new AppUser { UserName = "cy", Email = "cy@example.com" }, "password")).Succeeded),
        "add" => app.WithUserAsync(plain, async (manager, user) => (await manager.AddPasswordAsync(user, NewPassword)).Succeeded),
        "add-to-password" => app.WithUserAsync(ann, async (manager, user) => (await manager.AddPasswordAsync(user, NewPassword)).Succeeded),
        "add-refused" => app.WithUserAsync(plain, async (manager, user) => (await manager.AddPasswordAsync(user, "short")).Succeeded),
        "change" => app.WithUserAsync(ann, async (manager, user) => (await manager.ChangePasswordAsync(user, App.Password, NewPassword)).Succeeded),
        "change-wrong" => app.WithUserAsync(ann, async (manager, user) => (await manager.ChangePasswordAsync(user, "not it at all", NewPassword)).Succeeded),
        "change-refused" => app.WithUserAsync(ann, async (manager, user) => (await manager.ChangePasswordAsync(user, App.Password, "short")).Succeeded),
        "reset" => app.WithUserAsync(ann, async (manager, user) =>
            (await manager.ResetPasswordAsync(user, await manager.GeneratePasswordResetTokenAsync(user), NewPassword)).Succeeded),
        "reset-wrong-token" => app.WithUserAsync(ann, async (manager, user) => (await manager.ResetPasswordAsync(user, "000000x", NewPassword)).Succeeded),
        "reset-refused" => app.WithUserAsync(ann, async (manager, user) =>
            (await manager.ResetPasswordAsync(user, await manager.GeneratePasswordResetTokenAsync(user), "short")).Succeeded),
        "remove" => app.WithUserAsync(ann, async (manager, user) => (await manager.RemovePasswordAsync(user)).Succeeded),
        "check" => app.WithUserAsync(ann, (manager, user) => manager.CheckPasswordAsync(user, App.Password)),
        "check-wrong" => app.WithUserAsync(ann, (manager, user) => manager.CheckPasswordAsync(user, NewPassword)),
        _ => throw new ArgumentOutOfRangeException(nameof(way)),
    };

    [Fact]
    public async Task CreateAsync_Password_KeepsAHashOfTheEngineThatVerifies()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();

        Assert.StartsWith("$2b$04$", (await app.ReadAsync(ann))!.PasswordHash, StringComparison.Ordinal);
        Assert.True(await app.WithUserAsync(ann, (manager, user) => manager.CheckPasswordAsync(user, App.Password)));
        Assert.False(await app.WithUserAsync(ann, (manager, user) => manager.CheckPasswordAsync(user, App.Password + " ")));
    }

    [Fact]
    public async Task ChangePasswordAsync_Done_OnlyTheNewPasswordVerifies()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();

        Assert.True(await app.WithUserAsync(ann, async (manager, user) => (await manager.ChangePasswordAsync(user, App.Password, NewPassword)).Succeeded));

        Assert.True(await app.WithUserAsync(ann, (manager, user) => manager.CheckPasswordAsync(user, NewPassword)));
        Assert.False(await app.WithUserAsync(ann, (manager, user) => manager.CheckPasswordAsync(user, App.Password)));
    }

    [Fact]
    public async Task CheckPasswordAsync_NoPassword_TakesTheWorkOfOneHash()
    {
        await using var app = await App.StartAsync();
        var plain = await app.CreateAsync(password: null);

        Assert.False(await app.WithUserAsync(plain, (manager, user) => manager.CheckPasswordAsync(user, App.Password)));
        Assert.Equal((1, 1), (app.Hashes.Dummies, app.Hashes.All));
    }

    [Fact]
    public async Task CheckPasswordAsync_OutdatedHash_IsReplacedAndTheStampStays()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        await app.SetHashAsync(ann, new PasswordHasher<AppUser>().HashPassword(new AppUser(), App.Password));
        var stamp = (await app.ReadAsync(ann))!.SecurityStamp;
        var session = await app.StartSessionAsync(ann);

        Assert.True(await app.WithUserAsync(ann, (manager, user) => manager.CheckPasswordAsync(user, App.Password)));

        var stored = (await app.ReadAsync(ann))!;
        Assert.StartsWith("$2b$04$", stored.PasswordHash, StringComparison.Ordinal);
        Assert.Equal(stamp, stored.SecurityStamp);
        Assert.Null(await app.EndOfAsync(session));
        Assert.True(await app.WithUserAsync(ann, (manager, user) => manager.CheckPasswordAsync(user, App.Password)));
    }

    [Fact]
    public async Task CheckPasswordAsync_OutdatedHashOfAnAccountChangedMeanwhile_AnswersAndOverwritesNothing()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        await app.SetHashAsync(ann, new PasswordHasher<AppUser>().HashPassword(new AppUser(), App.Password));

        var right = await app.WithUserAsync(ann, async (manager, user) =>
        {
            Assert.True((await app.Editor.ChangePasswordAsync(ann, NewPassword, null, default, MailRequest.None, default)).Succeeded);
            return await manager.CheckPasswordAsync(user, App.Password);
        });

        // It was right for the row as it was loaded. The new password's hash is untouched.
        Assert.True(right);
        Assert.True(await app.WithUserAsync(ann, (manager, user) => manager.CheckPasswordAsync(user, NewPassword)));
        Assert.True(app.Log.Has(3003));
    }

    /// <summary>What the app does to an account through its own manager, and how the account's sessions end.</summary>
    public static TheoryData<string, RevocationReason?> Changes => new()
    {
        { "deactivate", RevocationReason.AccountInactive },
        { "deactivate-and-stamp", RevocationReason.AccountInactive },
        { "change-password", RevocationReason.PasswordChanged },
        { "remove-password", RevocationReason.PasswordChanged },
        { "stamp", RevocationReason.AccountChanged },
        { "email", RevocationReason.AccountChanged },
        { "delete", RevocationReason.AccountDeleted },
        { "rename", null },
        { "lockout", null },
        { "nothing", null },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task UserManager_AccountSaved_SessionsEndAsTheChangeAsks(string change, RevocationReason? expected)
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var bob = await app.CreateAsync("bob@example.com", "bob");
        var session = await app.StartSessionAsync(ann);
        var another = await app.StartSessionAsync(bob);

        var result = await app.WithUserAsync(ann, (manager, user) => ChangeAsync(manager, user, change));

        Assert.True(result.Succeeded, result.ToString());
        Assert.Equal(expected, await app.EndOfAsync(session));
        Assert.Null(await app.EndOfAsync(another));
    }

    private static async Task<IdentityResult> ChangeAsync(UserManager<AppUser> manager, AppUser user, string change)
    {
        switch (change)
        {
            case "deactivate":
                user.IsDisabled = true;
                return await manager.UpdateAsync(user);
            case "deactivate-and-stamp":
                user.IsDisabled = true;
                return await manager.UpdateSecurityStampAsync(user);
            case "change-password":
                return await manager.ChangePasswordAsync(user, App.Password, NewPassword);
            case "remove-password":
                return await manager.RemovePasswordAsync(user);
            case "stamp":
                return await manager.UpdateSecurityStampAsync(user);
            case "email":
                return await manager.SetEmailAsync(user, "ann.other@example.com");
            case "delete":
                return await manager.DeleteAsync(user);
            case "rename":
                user.DisplayName = "Ann";
                return await manager.UpdateAsync(user);
            case "lockout":
                return await manager.AccessFailedAsync(user);
            default:
                return await manager.UpdateAsync(user);
        }
    }

    [Fact]
    public async Task UpdateAsync_Refused_EndsNoSession()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        await app.CreateAsync("bob@example.com", "bob");
        var session = await app.StartSessionAsync(ann);

        Assert.False(await app.WithUserAsync(ann, async (manager, user) => (await manager.SetEmailAsync(user, "BOB@example.com")).Succeeded));

        Assert.Null(await app.EndOfAsync(session));
    }

    /// <summary>T-24: whichever comes first, when both have answered no session of the account is live.</summary>
    [Theory]
    [InlineData("deactivate")]
    [InlineData("change-password")]
    [InlineData("delete")]
    public async Task UserManager_AccountSavedDuringLogins_LeavesNoLiveSession(string change)
    {
        await using var app = await App.StartAsync();
        for (var round = 0; round < 10; round++)
        {
            var userId = await app.CreateAsync($"user{round}@example.com", $"user{round}");
            var name = $"user{round}";

            await Task.WhenAll(
                Task.Run(() => LogInAsync(app, name)),
                Task.Run(() => LogInAsync(app, name)),
                Task.Run(() => app.WithUserAsync(userId, (manager, user) => ChangeAsync(manager, user, change))));

            Assert.Empty(await app.Sessions.ListAsync(userId, null, 10));
        }

        static async Task LogInAsync(App app, string name)
        {
            var check = await app.CheckByNameAsync(name, App.Password);
            if (check.Succeeded)
            {
                await app.Sessions.StartAsync(check.UserId, new SignInContext { Stamp = check.Stamp });
            }
        }
    }

    [Fact]
    public async Task AddCountersign_StockManager_IsReplaced()
    {
        await using var app = await App.StartAsync();

        Assert.IsType<CountersignUserManager<AppUser>>(await app.WithManagerAsync(Task.FromResult));
        Assert.False(app.Log.Has(3001));
    }

    [Fact]
    public async Task AddCountersign_ManagerOfTheApp_StaysAndALineSaysWhatItMisses()
    {
        await using var app = await App.StartAsync(identity: users => users.AddUserManager<ForeignManager>());

        Assert.IsType<ForeignManager>(await app.WithManagerAsync(Task.FromResult));
        Assert.True(app.Log.Has(3001));
    }

    [Fact]
    public async Task AddCountersign_ManagerDerivedFromOurs_StaysInSilence()
    {
        await using var app = await App.StartAsync(identity: users => users.AddUserManager<DerivedManager>());
        await app.CreateAsync();

        Assert.IsType<DerivedManager>(await app.WithManagerAsync(Task.FromResult));
        Assert.False(app.Log.Has(3001));
        Assert.Equal(1, app.Hashes.New);
    }

    [Fact]
    public async Task ChangePasswordAsync_ManagerOfTheApp_EditorEndsTheSessionsItself()
    {
        await using var app = await App.StartAsync(identity: users => users.AddUserManager<ForeignManager>());
        var ann = await app.CreateAsync(password: null);
        var session = await app.StartSessionAsync(ann);

        Assert.True((await app.Editor.ChangePasswordAsync(ann, NewPassword, null, default, MailRequest.None, default)).Succeeded);

        Assert.Equal(RevocationReason.PasswordChanged, await app.EndOfAsync(session));
    }

    internal sealed class DerivedManager(
        IUserStore<AppUser> store,
        Microsoft.Extensions.Options.IOptions<IdentityOptions> options,
        IPasswordHasher<AppUser> hasher,
        IEnumerable<IUserValidator<AppUser>> userValidators,
        IEnumerable<IPasswordValidator<AppUser>> passwordValidators,
        ILookupNormalizer normalizer,
        IdentityErrorDescriber errors,
        IServiceProvider services,
        Microsoft.Extensions.Logging.ILogger<UserManager<AppUser>> logger)
        : CountersignUserManager<AppUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger);

    internal sealed class ForeignManager(
        IUserStore<AppUser> store,
        Microsoft.Extensions.Options.IOptions<IdentityOptions> options,
        IPasswordHasher<AppUser> hasher,
        IEnumerable<IUserValidator<AppUser>> userValidators,
        IEnumerable<IPasswordValidator<AppUser>> passwordValidators,
        ILookupNormalizer normalizer,
        IdentityErrorDescriber errors,
        IServiceProvider services,
        Microsoft.Extensions.Logging.ILogger<UserManager<AppUser>> logger)
        : UserManager<AppUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger);
}
