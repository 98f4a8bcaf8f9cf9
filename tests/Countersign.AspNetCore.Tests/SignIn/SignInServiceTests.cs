using System.Globalization;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Tests.Support;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using App = Countersign.AspNetCore.Tests.Support.TestApp<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests.SignIn;

public sealed class SignInServiceTests
{
    private const string Wrong = "not the password";

    private static readonly ClientAddress Client = new("192.0.2.1", "192.0.2.1", null);

    [Theory]
    [InlineData("ann@example.com")]
    [InlineData("ANN@EXAMPLE.COM")]
    [InlineData("ann")]
    public async Task CheckByNameAsync_RightPassword_NamesTheAccountAndItsStamp(string name)
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        app.Hashes.Reset();

        var check = await app.CheckByNameAsync(name, App.Password);

        Assert.True(check.Succeeded);
        Assert.Equal(ann, check.UserId);
        Assert.Null(check.Fault);
        Assert.Equal(AccountFacts.HashStamp((await app.ReadAsync(ann))!.SecurityStamp), check.Stamp.ToArray());
        Assert.Equal((1, 1), (app.Hashes.Comparisons, app.Hashes.All));
    }

    /// <summary>O-10, T-25: every class of refusal gives the same answer for the same work.</summary>
    public static TheoryData<string> RefusedClasses => new(
        "unknown", "wrong", "known-network", "no-password", "inactive", "locked-out", "banned", "long", "not-unicode", "corrupt-hash");

    [Theory]
    [MemberData(nameof(RefusedClasses))]
    public async Task CheckByNameAsync_EveryRefusedClass_IsOneAnswerForOneHash(string refused)
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync(password: refused == "no-password" ? null : App.Password);
        await PrepareAsync(app, ann, refused);
        app.Hashes.Reset();

        var check = await app.CheckByNameAsync(NameOf(refused), PasswordOf(refused), Client);

        Assert.False(check.Succeeded);
        Assert.Null(check.UserId);
        Assert.Equal(SignInError.WrongCredentials, check.Fault);
        Assert.Equal(1, app.Hashes.All);
        Assert.Equal(refused is "wrong" or "known-network" or "long" or "not-unicode" ? 1 : 0, app.Hashes.Comparisons);
    }

    /// <summary>
    /// The database is asked the same number of times whoever is named, with and without Identity's own lockout, and with and without a refresh token: what
    /// takes longer would tell which names have an account.
    /// </summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task CheckByNameAsync_EveryRefusedClass_AsksTheDatabaseEquallyOften(bool withLockout, bool withRefreshToken)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (var refused in RefusedClasses.Select(static row => row.Data))
        {
            await using var app = await App.StartAsync(services =>
                services.Configure<IdentityOptions>(options => options.Lockout.AllowedForNewUsers = withLockout));
            var ann = await app.CreateAsync(password: refused == "no-password" ? null : App.Password);
            var bob = await app.CreateAsync("bob@example.com", "bob");
            var refreshToken = withRefreshToken ? (await app.StartAsync(bob)).RefreshToken : null;
            await PrepareAsync(app, ann, refused);
            app.Trace.Clear();

            await app.CheckByNameAsync(NameOf(refused), PasswordOf(refused), Client, refreshToken);

            counts[refused] = app.Trace.Statements.Count;
        }

        Assert.True(counts.Values.Distinct().Count() == 1, string.Join(", ", counts));
    }

    private static string NameOf(string refused) => refused == "unknown" ? "eve" : "ann";

    private static string PasswordOf(string refused) =>
        refused switch { "wrong" or "known-network" => Wrong, "long" => new string('a', 5000), "not-unicode" => "\uD800 is no text", _ => App.Password };

    private static async Task PrepareAsync(App app, string ann, string refused)
    {
        switch (refused)
        {
            case "inactive":
                await app.WithUserAsync(ann, (manager, user) =>
                {
                    user.IsDisabled = true;
                    return manager.UpdateAsync(user);
                });
                break;
            case "locked-out" or "banned":
                await app.LockAsync(ann, refused == "banned" ? TimeSpan.FromDays(3650) : TimeSpan.FromHours(1));
                break;
            case "known-network":
                await app.StartAsync(ann, new SignInContext { IpAddress = Client.Address });
                break;
            case "corrupt-hash":
                await app.SetHashAsync(ann, "$2b$99$nonsense");
                break;
        }
    }

    /// <summary>T-04: a flood does not gather before the database, where the engine's queue does not see it.</summary>
    [Fact]
    public async Task CheckByNameAsync_DatabaseStands_NoMoreThanTheBoundWaitForIt()
    {
        var store = new StandingStore();
        await using var app = await App.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<ISignInAttemptStore>(store)));
        await app.CreateAsync();
        var waiting = Enumerable.Range(0, SignInLimits.MostOnTheWay).Select(_ => app.CheckByNameAsync("ann", App.Password)).ToArray();

        for (var more = 0; more < 10; more++)
        {
            await Assert.ThrowsAsync<PasswordEngineBusyException>(() => app.CheckByNameAsync("ann", App.Password));
        }

        store.GoOn();
        Assert.All(await Task.WhenAll(waiting), static check => Assert.True(check.Succeeded));
        Assert.True((await app.CheckByNameAsync("ann", App.Password)).Succeeded);
    }

    /// <summary>A database that answers nobody until it is told.</summary>
    private sealed class StandingStore : ISignInAttemptStore
    {
        private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn() => _goesOn.SetResult();

        public async Task<AttemptReservation> ReserveAsync(SignInAttempt attempt, LockoutPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
        {
            await _goesOn.Task;
            return default;
        }

        public Task SucceedAsync(SignInAttempt attempt, LockoutPolicy policy, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task GiveBackAsync(SignInAttempt attempt, AttemptReservation reservation, LockoutPolicy policy, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public Task TouchAsync(SignInAttempt attempt, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task ResetAsync(string subject, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>T-04: what is refused for want of room costs no statement, and counts against nobody.</summary>
    [Fact]
    public async Task CheckByNameAsync_EngineFull_RefusedBeforeTheDatabase()
    {
        await using var app = await App.StartAsync(services => services.PostConfigure<PasswordEngineOptions>(
            options => (options.Workers, options.MaxStoredCost, options.QueueLimit) = (1, 20, TimeSpan.FromMilliseconds(1))));
        var ann = await app.CreateAsync();
        var engine = app.Services.GetRequiredService<PasswordEngine>();
        using var end = new CancellationTokenSource();

        // Hashes of minutes: four in the lanes, one that waits for good.
        List<Task> dear = [];
        while (dear.Count < 5)
        {
            var verification = engine.VerifyAsync("password", "$2b$20$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC", default, end.Token).AsTask();
            if (!verification.IsFaulted)
            {
                dear.Add(verification);
            }
        }

        app.Statements.Clear();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await Assert.ThrowsAsync<PasswordEngineBusyException>(() => app.CheckByNameAsync("ann", Wrong));
            await Assert.ThrowsAsync<PasswordEngineBusyException>(() => app.CheckByIdAsync(ann, Wrong));
        }

        Assert.Empty(app.Statements);
        await end.CancelAsync();
        await Task.WhenAll(dear).ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.True((await app.CheckByNameAsync("ann", App.Password)).Succeeded);
    }

    [Fact]
    public async Task CheckByNameAsync_OutdatedHash_IsReplacedAndTheStampStays()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        await app.SetHashAsync(ann, new PasswordHasher<AppUser>().HashPassword(new AppUser(), App.Password));
        var stamp = (await app.ReadAsync(ann))!.SecurityStamp;
        var session = await app.StartSessionAsync(ann);

        var check = await app.CheckByNameAsync("ann", App.Password);

        var stored = (await app.ReadAsync(ann))!;
        Assert.True(check.Succeeded);
        Assert.StartsWith("$2b$04$", stored.PasswordHash, StringComparison.Ordinal);
        Assert.Equal(stamp, stored.SecurityStamp);
        Assert.Null(await app.EndOfAsync(session));
        Assert.True((await app.CheckByNameAsync("ann", App.Password)).Succeeded);
    }

    [Fact]
    public async Task CheckByNameAsync_OutdatedHashAndWrongPassword_ReplacesNothing()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var outdated = new PasswordHasher<AppUser>().HashPassword(new AppUser(), App.Password);
        await app.SetHashAsync(ann, outdated);

        Assert.False((await app.CheckByNameAsync("ann", Wrong)).Succeeded);
        Assert.Equal(outdated, (await app.ReadAsync(ann))!.PasswordHash);
    }

    [Fact]
    public async Task CheckByIdAsync_AnotherSpellingOfTheId_IsNobody()
    {
        await using var app = await TestApp<NumberUser, int>.StartAsync();
        await app.CreateAsync();

        Assert.True((await app.CheckByIdAsync("1", App.Password)).Succeeded);
        Assert.Equal(SignInError.WrongCredentials, (await app.CheckByIdAsync("0x1", App.Password)).Fault);
    }

    [Fact]
    public async Task CheckByNameAsync_NetworkOverItsLimit_IsRefusedBeforeAnythingIsLookedUp()
    {
        await using var app = await App.StartAsync(settings: Setting("Auth:Limits:SignInsPerNetworkPerMinute", 3));
        await app.CreateAsync();
        var client = new ClientAddress("192.0.2.1", "192.0.2.1", null);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.True((await app.CheckByNameAsync("ann", App.Password, client)).Succeeded);
        }

        app.Hashes.Reset();
        app.Statements.Clear();
        var check = await app.CheckByNameAsync("ann", App.Password, client);

        Assert.Equal(SignInError.TooManyAttempts, check.Fault);
        Assert.InRange(check.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Assert.Equal(0, app.Hashes.All);
        Assert.Empty(app.Statements);
        Assert.True((await app.CheckByNameAsync("ann", App.Password, new ClientAddress("192.0.2.2", null, null))).Succeeded);
    }

    [Fact]
    public async Task CheckByNameAsync_AnyOutcome_LogsNeitherNameNorPassword()
    {
        await using var app = await App.StartAsync();
        await app.CreateAsync();
        for (var attempt = 0; attempt < 11; attempt++)
        {
            await app.CheckByNameAsync("ann", Wrong);
        }

        await app.CheckByNameAsync("typed-into-the-wrong-field", App.Password);

        Assert.DoesNotContain(app.Log.Lines, line => line.Text.Contains("typed-into", StringComparison.Ordinal)
            || line.Text.Contains(Wrong, StringComparison.Ordinal) || line.Text.Contains(App.Password, StringComparison.Ordinal));
    }

    private static Dictionary<string, string?> Setting(string name, int value) =>
        new(StringComparer.Ordinal) { [name] = value.ToString(CultureInfo.InvariantCulture) };
}
