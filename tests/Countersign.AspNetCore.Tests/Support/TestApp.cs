using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.EntityFrameworkCore;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Tests.Support;

/// <summary>An app with real Identity on a real SQLite file, and Countersign over it.</summary>
internal sealed class TestApp<TUser, TKey> : IAsyncDisposable
    where TUser : AppUser<TKey>, new()
    where TKey : IEquatable<TKey>
{
    public const string Password = "a quiet harbour at dawn";

    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;
    private readonly IHost _host;
    private bool _started;

    private TestApp(Action<IServiceCollection>? configure, Action<IdentityBuilder>? identity, IReadOnlyDictionary<string, string?>? settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Auth:Issuer"] = "https://auth.example.com",
            ["Auth:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        var services = builder.Services;
        services.AddDbContext<AppContext<TUser, TKey>>(options => options
            .UseSqlite($"Data Source={Path.Combine(_folder, "app.db")}")
            .AddInterceptors(Trace)
            .LogTo(Statements.Enqueue, [Microsoft.EntityFrameworkCore.Diagnostics.RelationalEventId.CommandExecuted]));
        services.AddLogging(logging => logging.AddProvider(Log));
        var users = services.AddIdentityCore<TUser>(static options =>
            {
                options.UseCountersignDefaults().Tokens.PasswordResetTokenProvider = "Email";

                // Identity's own lockout would come before ours; its tests switch it on.
                options.Lockout.AllowedForNewUsers = false;
            })
            .AddTokenProvider<EmailTokenProvider<TUser>>("Email");
        identity?.Invoke(users);
        users.AddEntityFrameworkStores<AppContext<TUser, TKey>>();
        services.AddCountersign<TUser>().AddEntityFrameworkStores<AppContext<TUser, TKey>>();
        services.Configure<CountersignUserOptions<TUser>>(options =>
        {
            options.IsActive = user => !user.IsDisabled;
            options.DisplayName = user => user.DisplayName;
            options.CreatedAt = user => user.JoinedAt;
        });

        // The cheapest hash there is, and room for all the work that a test makes at once.
        services.PostConfigure<PasswordEngineOptions>(options =>
        {
            options.LowestCost = 4;
            options.Cost = 4;
            options.MaxPerAccount = 100;
            options.MaxNetworkShare = 1;
            options.QueueLimit = TimeSpan.FromMinutes(1);
            options.QueueTimeout = TimeSpan.FromMinutes(1);
        });
        configure?.Invoke(services);
        _host = builder.Build();
        Hashes = new HashCount(Services.GetRequiredService<PasswordEngine>());
    }

    public IServiceProvider Services => _host.Services;

    public HashCount Hashes { get; }

    public LogLines Log { get; } = new();

    /// <summary>Every statement that Entity Framework has executed.</summary>
    public ConcurrentQueue<string> Statements { get; } = new();

    /// <summary>Every statement that the database has run, those of the stores too.</summary>
    public SqliteTrace Trace { get; } = new();

    public IAccounts Accounts => Services.GetRequiredService<IAccounts>();

    public IAccountEditor Editor => Services.GetRequiredService<IAccountEditor>();

    public SignInService SignIn => Services.GetRequiredService<SignInService>();

    /// <summary>A login's check of a password.</summary>
    public Task<PasswordCheck> CheckByNameAsync(
        string name, string password, ClientAddress client = default, string? refreshToken = null, CancellationToken cancellationToken = default) =>
        SignIn.CheckByNameAsync(name, password, refreshToken, client, cancellationToken);

    /// <summary>Waits until the password engine computes something.</summary>
    public async Task WaitForWorkAsync()
    {
        for (var wait = 0; Hashes.Running == 0; wait++)
        {
            Assert.True(wait < 3000, "The engine had nothing to do.");
            await Task.Delay(10);
        }
    }

    /// <summary>The check before a change of the account.</summary>
    public Task<PasswordCheck> CheckByIdAsync(string userId, string password, ClientAddress client = default, Guid? session = null) =>
        SignIn.CheckByIdAsync(userId, session, password, client, CancellationToken.None);

    public SessionService Sessions => Services.GetRequiredService<SessionService>();

    public static async Task<TestApp<TUser, TKey>> StartAsync(
        Action<IServiceCollection>? configure = null, Action<IdentityBuilder>? identity = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var app = new TestApp<TUser, TKey>(configure, identity, settings);
        try
        {
            await using (var scope = app.Services.CreateAsyncScope())
            {
                await scope.ServiceProvider.GetRequiredService<AppContext<TUser, TKey>>().Database.EnsureCreatedAsync();
            }

            await app._host.StartAsync();
            app._started = true;
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Works with the app's own user manager, in a scope of its own as a request has.</summary>
    public async Task<TResult> WithManagerAsync<TResult>(Func<UserManager<TUser>, Task<TResult>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<UserManager<TUser>>());
    }

    /// <summary>Works with an account as the app's own pages do.</summary>
    public Task<TResult> WithUserAsync<TResult>(string userId, Func<UserManager<TUser>, TUser, Task<TResult>> work) =>
        WithManagerAsync(async manager => await work(manager, (await manager.FindByIdAsync(userId))!));

    public Task<TUser?> ReadAsync(string userId) => WithManagerAsync(manager => manager.FindByIdAsync(userId));

    /// <summary>Makes an account whose user name is not its address.</summary>
    public Task<string> CreateAsync(string email = "ann@example.com", string userName = "ann", string? password = Password) => WithManagerAsync(async manager =>
    {
        var user = new TUser { UserName = userName, Email = email };
        var result = password is null ? await manager.CreateAsync(user) : await manager.CreateAsync(user, password);
        Assert.True(result.Succeeded, result.ToString());
        return user.Id.ToString()!;
    });

    /// <summary>Locks an account by Identity's own lockout, as an app's pages do.</summary>
    public async Task LockAsync(string userId, TimeSpan time)
    {
        await WithUserAsync(userId, static (manager, user) => manager.SetLockoutEnabledAsync(user, true));
        var until = Services.GetRequiredService<TimeProvider>().GetUtcNow() + time;
        var result = await WithUserAsync(userId, (manager, user) => manager.SetLockoutEndDateAsync(user, until));
        Assert.True(result.Succeeded, result.ToString());
    }

    /// <summary>Puts a hash into the account's row, as an import does.</summary>
    public async Task SetHashAsync(string userId, string? hash)
    {
        await using var scope = Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AppContext<TUser, TKey>>();
        var user = (await scope.ServiceProvider.GetRequiredService<UserManager<TUser>>().FindByIdAsync(userId))!;
        user.PasswordHash = hash;
        await context.SaveChangesAsync();
    }

    /// <summary>What a refresh knows of an account, by each of the two ways in which it may be read: they never differ.</summary>
    public async Task<AccountFacts?> DescribeAsync(string userId)
    {
        var alone = await Accounts.DescribeAsync(userId, default);
        var joined = (await JoinAsync(await BeginReadAsync(userId))).Single();
        Assert.Equal(alone is null, joined is null);
        if (alone is not null && joined is not null)
        {
            Assert.Equal((alone.UserId, alone.IsActive, alone.Email), (joined.UserId, joined.IsActive, joined.Email));
            Assert.Equal(alone.Stamp.ToArray(), joined.Stamp.ToArray());
            Assert.Equal(alone.Roles.Order(StringComparer.Ordinal), joined.Roles.Order(StringComparer.Ordinal));
        }

        return joined;
    }

    /// <summary>How the session service begins to read an account.</summary>
    public async Task<AccountRead> BeginReadAsync(string userId) =>
        await Accounts.FindJoinedAsync(userId, default) ?? new AccountRead(await Accounts.DescribeAsync(userId, default), revision: 0);

    /// <summary>Has the writer's transaction read what has not been read yet, and gives what is known of each.</summary>
    public async Task<IReadOnlyList<AccountFacts?>> JoinAsync(params AccountRead[] reads)
    {
        LoadedSessions? loaded = null;
        var keys = reads.Select(static read => read.Key).OfType<object>().Distinct().ToList();
        await Services.GetRequiredService<ISessionStore>().RunAsync(
            async (transaction, token) => loaded = await transaction.LoadAsync([], [], keys, TimeProvider.System.GetUtcNow(), token), default);
        return [.. reads.Select(read => read.FactsIn(loaded!.AccountRows))];
    }

    public async Task<Session> StartSessionAsync(string userId) => (await StartAsync(userId)).Session;

    /// <summary>A login that must not be refused.</summary>
    public async Task<SessionTokens> StartAsync(string userId, SignInContext? context = null)
    {
        var started = await Sessions.StartAsync(userId, context ?? new SignInContext());
        Assert.True(started.TryGetTokens(out var tokens, out var error), $"The session did not start: {error}.");
        return tokens;
    }

    /// <summary>Null while the session is live.</summary>
    public async Task<RevocationReason?> EndOfAsync(Session session) => (await Sessions.FindAsync(session.Id))!.State.RevokedReason;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_started)
            {
                await _host.StopAsync();
            }
        }
        finally
        {
            Hashes.Dispose();
            if (_host is IAsyncDisposable host)
            {
                await host.DisposeAsync();
            }

            SqliteConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
