using System.Globalization;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Tests.Support;
using Countersign.Passwords;
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

    [Theory]
    [InlineData("ann@example.com")]
    [InlineData("ANN@EXAMPLE.COM")]
    [InlineData("ann")]
    public async Task CheckByNameAsync_RightPassword_NamesTheAccountAndItsStamp(string name)
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        app.Hashes.Reset();

        var check = await app.SignIn.CheckByNameAsync(name, App.Password, default, default);

        Assert.True(check.Succeeded);
        Assert.Equal(ann, check.UserId);
        Assert.Null(check.Fault);
        Assert.Equal(AccountFacts.HashStamp((await app.ReadAsync(ann))!.SecurityStamp), check.Stamp.ToArray());
        Assert.Equal((1, 1), (app.Hashes.Comparisons, app.Hashes.All));
    }

    /// <summary>O-10, T-25: every class of refusal gives the same answer for the same work.</summary>
    public static TheoryData<string> RefusedClasses => new("unknown", "wrong", "no-password", "inactive", "locked-out", "blocked", "unconfirmed", "long", "not-unicode", "corrupt-hash");

    [Theory]
    [MemberData(nameof(RefusedClasses))]
    public async Task CheckByNameAsync_EveryRefusedClass_IsOneAnswerForOneHash(string refused)
    {
        await using var app = await App.StartAsync(services => services.Configure<IdentityOptions>(
            options => options.SignIn.RequireConfirmedEmail = refused == "unconfirmed"));
        var ann = await app.CreateAsync(password: refused == "no-password" ? null : App.Password);
        await PrepareAsync(app, ann, refused);
        app.Hashes.Reset();

        var password = refused switch { "wrong" => Wrong, "long" => new string('a', 5000), "not-unicode" => "\uD800 is no text", _ => App.Password };
        var check = await app.SignIn.CheckByNameAsync(refused == "unknown" ? "eve" : "ann", password, default, default);

        Assert.False(check.Succeeded);
        Assert.Null(check.UserId);
        Assert.Equal(PasswordCheckFault.WrongCredentials, check.Fault);
        Assert.Equal(1, app.Hashes.All);
        Assert.Equal(refused is "wrong" or "long" or "not-unicode" ? 1 : 0, app.Hashes.Comparisons);
    }

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
            case "locked-out":
                await app.WithUserAsync(ann, (manager, user) => manager.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));
                break;
            case "blocked":
                for (var attempt = 0; attempt < 10; attempt++)
                {
                    await app.SignIn.CheckByNameAsync("ann", Wrong, default, default);
                }

                break;
            case "corrupt-hash":
                await app.SetHashAsync(ann, "$2b$99$nonsense");
                break;
        }
    }

    /// <summary>T-21, C-57: 200 wrong passwords at once, under every spelling of the account, are compared ten times.</summary>
    [Fact]
    public async Task CheckByNameAsync_TwoHundredGuessesAtOnce_AreComparedTenTimes()
    {
        await using var app = await App.StartAsync(settings: Setting("Auth:Guessing:PerNetworkPerMinute", 1000));
        var ann = await app.CreateAsync();
        app.Hashes.Reset();
        string[] spellings = ["ann@example.com", "ANN@example.com", "Ann@Example.com", "ann", "ANN"];

        var faults = await Task.WhenAll(Enumerable.Range(0, 200).Select(index => Task.Run(() => GuessAsync(index))));

        // The engine has places for a hundred of them; it computes nothing for the others, which were counted all the same.
        Assert.All(faults, fault => Assert.True(fault is PasswordCheckFault.WrongCredentials or null));
        Assert.InRange(app.Hashes.Comparisons, 1, 10);
        Assert.Equal(faults.Count(fault => fault is not null), app.Hashes.All);
        var compared = app.Hashes.Comparisons;

        // The right password is refused too, while the block lasts.
        Assert.False((await app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).Succeeded);
        Assert.Equal(compared, app.Hashes.Comparisons);
        Assert.True(app.Log.Has(3005));

        async Task<PasswordCheckFault?> GuessAsync(int index)
        {
            try
            {
                var check = index % 2 == 0
                    ? await app.SignIn.CheckByNameAsync(spellings[index % spellings.Length], $"guess {index}", new ClientAddress("192.0.2.1", null, null), default)
                    : await app.SignIn.CheckByIdAsync(ann, $"guess {index}", new ClientAddress($"198.51.100.{index}", null, null), default);
                return check.Fault;
            }
            catch (PasswordEngineBusyException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task CheckByNameAsync_ManyGuessesAtOnce_ExactlyTheFreeOnesAreCompared()
    {
        await using var app = await App.StartAsync();
        await app.CreateAsync();
        app.Hashes.Reset();

        await Task.WhenAll(Enumerable.Range(0, SignInService.MostOnTheWay).Select(index => Task.Run(() => app.SignIn.CheckByNameAsync("ann", $"guess {index}", default, default))));

        Assert.Equal((10, SignInService.MostOnTheWay - 10), (app.Hashes.Comparisons, app.Hashes.Decoys));
    }

    [Fact]
    public async Task CheckByNameAsync_BlockOver_TheRightPasswordPassesAndResetsTheCount()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var app = await App.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time)));
        await app.CreateAsync();
        await GuessAsync(app, "ann", 10);

        Assert.False((await app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).Succeeded);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False((await app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).Succeeded);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True((await app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).Succeeded);

        await GuessAsync(app, "ann", 9);
        Assert.True((await app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).Succeeded);
    }

    [Fact]
    public async Task CheckByNameAsync_GuessesAtAnother_LeaveTheAccountAlone()
    {
        await using var app = await App.StartAsync();
        await app.CreateAsync();
        await app.CreateAsync("bob@example.com", "bob");
        await GuessAsync(app, "bob", 10);
        await GuessAsync(app, "nobody", 10);

        Assert.True((await app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).Succeeded);
        Assert.False((await app.SignIn.CheckByNameAsync("bob", App.Password, default, default)).Succeeded);
    }

    /// <summary>T-04: a flood does not gather before the database, where the engine's queue does not see it.</summary>
    [Fact]
    public async Task CheckByNameAsync_DatabaseStands_NoMoreThanTheBoundWaitForIt()
    {
        var store = new StandingStore();
        await using var app = await App.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<ISignInAttemptStore>(store)));
        await app.CreateAsync();
        var waiting = Enumerable.Range(0, SignInService.MostOnTheWay).Select(_ => app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).ToArray();

        for (var more = 0; more < 10; more++)
        {
            await Assert.ThrowsAsync<PasswordEngineBusyException>(() => app.SignIn.CheckByNameAsync("ann", App.Password, default, default));
        }

        store.GoOn();
        Assert.All(await Task.WhenAll(waiting), static check => Assert.True(check.Succeeded));
        Assert.True((await app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).Succeeded);
    }

    /// <summary>A database that answers nobody until it is told.</summary>
    private sealed class StandingStore : ISignInAttemptStore
    {
        private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn() => _goesOn.SetResult();

        public async Task<TimeSpan?> TryReserveAsync(string key, GuessPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
        {
            await _goesOn.Task;
            return null;
        }

        public Task ResetAsync(string key, CancellationToken cancellationToken) => Task.CompletedTask;
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
            await Assert.ThrowsAsync<PasswordEngineBusyException>(() => app.SignIn.CheckByNameAsync("ann", Wrong, default, default));
            await Assert.ThrowsAsync<PasswordEngineBusyException>(() => app.SignIn.CheckByIdAsync(ann, Wrong, default, default));
        }

        Assert.Empty(app.Statements);
        await end.CancelAsync();
        await Task.WhenAll(dear).ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.True((await app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).Succeeded);
    }

    [Fact]
    public async Task ForgetAsync_BlockedAccount_IsUnlocked()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        await GuessAsync(app, "ann", 10);
        Assert.False((await app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).Succeeded);

        await app.Services.GetRequiredService<SignInAttempts>().ForgetAsync(ann);

        Assert.True((await app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).Succeeded);
    }

    [Fact]
    public async Task CheckByNameAsync_OutdatedHash_IsReplacedAndTheStampStays()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        await app.SetHashAsync(ann, new PasswordHasher<AppUser>().HashPassword(new AppUser(), App.Password));
        var stamp = (await app.ReadAsync(ann))!.SecurityStamp;
        var session = await app.StartSessionAsync(ann);

        var check = await app.SignIn.CheckByNameAsync("ann", App.Password, default, default);

        var stored = (await app.ReadAsync(ann))!;
        Assert.True(check.Succeeded);
        Assert.StartsWith("$2b$04$", stored.PasswordHash, StringComparison.Ordinal);
        Assert.Equal(stamp, stored.SecurityStamp);
        Assert.Null(await app.EndOfAsync(session));
        Assert.True((await app.SignIn.CheckByNameAsync("ann", App.Password, default, default)).Succeeded);
    }

    [Fact]
    public async Task CheckByNameAsync_OutdatedHashAndWrongPassword_ReplacesNothing()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var outdated = new PasswordHasher<AppUser>().HashPassword(new AppUser(), App.Password);
        await app.SetHashAsync(ann, outdated);

        Assert.False((await app.SignIn.CheckByNameAsync("ann", Wrong, default, default)).Succeeded);
        Assert.Equal(outdated, (await app.ReadAsync(ann))!.PasswordHash);
    }

    [Fact]
    public async Task CheckByIdAsync_AnotherSpellingOfTheId_IsNobody()
    {
        await using var app = await TestApp<NumberUser, int>.StartAsync();
        await app.CreateAsync();

        Assert.True((await app.SignIn.CheckByIdAsync("1", App.Password, default, default)).Succeeded);
        Assert.Equal(PasswordCheckFault.WrongCredentials, (await app.SignIn.CheckByIdAsync("0x1", App.Password, default, default)).Fault);
    }

    [Fact]
    public async Task CheckByNameAsync_NetworkOverItsLimit_IsRefusedBeforeAnythingIsLookedUp()
    {
        await using var app = await App.StartAsync(settings: Setting("Auth:Guessing:PerNetworkPerMinute", 3));
        await app.CreateAsync();
        var client = new ClientAddress("192.0.2.1", "192.0.2.1", null);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.True((await app.SignIn.CheckByNameAsync("ann", App.Password, client, default)).Succeeded);
        }

        app.Hashes.Reset();
        app.Statements.Clear();
        var check = await app.SignIn.CheckByNameAsync("ann", App.Password, client, default);

        Assert.Equal(PasswordCheckFault.TooManyFromNetwork, check.Fault);
        Assert.InRange(check.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Assert.Equal(0, app.Hashes.All);
        Assert.DoesNotContain(app.Statements, statement => statement.Contains("AspNetUsers", StringComparison.Ordinal));
        Assert.True((await app.SignIn.CheckByNameAsync("ann", App.Password, new ClientAddress("192.0.2.2", null, null), default)).Succeeded);
    }

    [Fact]
    public async Task CheckByNameAsync_AnyOutcome_LogsNeitherNameNorPassword()
    {
        await using var app = await App.StartAsync();
        await app.CreateAsync();
        await GuessAsync(app, "ann", 11);
        await app.SignIn.CheckByNameAsync("typed-into-the-wrong-field", App.Password, default, default);

        Assert.DoesNotContain(app.Log.Lines, line => line.Text.Contains("typed-into", StringComparison.Ordinal)
            || line.Text.Contains(Wrong, StringComparison.Ordinal) || line.Text.Contains(App.Password, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("eve", "EVE", true)]
    [InlineData("\u00E9ve", "e\u0301ve", true)]
    [InlineData("\uFF45ve", "eve", true)]
    [InlineData("eve", "eva", false)]
    [InlineData("eve", "eve\uD800", false)]
    public void KeyOfName_UnknownName_IsOneForAllItsSpellings(string one, string other, bool same)
    {
        Assert.Equal(same, SignInAttempts.KeyOfName(one) == SignInAttempts.KeyOfName(other));
        Assert.DoesNotContain(one, SignInAttempts.KeyOfName(one), StringComparison.Ordinal);
        Assert.False(string.Equals(SignInAttempts.KeyOfAccount(one), SignInAttempts.KeyOfName(one), StringComparison.Ordinal));
    }

    private static async Task GuessAsync(App app, string name, int count)
    {
        for (var attempt = 0; attempt < count; attempt++)
        {
            Assert.False((await app.SignIn.CheckByNameAsync(name, Wrong, default, default)).Succeeded);
        }
    }

    private static Dictionary<string, string?> Setting(string name, int value) =>
        new(StringComparer.Ordinal) { [name] = value.ToString(CultureInfo.InvariantCulture) };
}
