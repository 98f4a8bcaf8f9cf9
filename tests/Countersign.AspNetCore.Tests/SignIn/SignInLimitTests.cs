using System.Globalization;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Tests.Support;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using App = Countersign.AspNetCore.Tests.Support.TestApp<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests.SignIn;

/// <summary>How many passwords may be tried, and that nobody but the one who tries is kept from logging in.</summary>
public sealed class SignInLimitTests
{
    private const string Wrong = "not the password";

    private static readonly ClientAddress Home = From("192.0.2.1");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>T-21, C-57: 200 wrong passwords at once from one network, under every spelling of the account, are compared ten times.</summary>
    [Fact]
    public async Task CheckByNameAsync_TwoHundredGuessesAtOnceFromOneNetwork_AreComparedTenTimes()
    {
        await using var app = await App.StartAsync(settings: Settings(("Auth:Limits:SignInsPerNetworkPerMinute", 1000)));
        await app.CreateAsync();
        app.Hashes.Reset();
        string[] spellings = ["ann@example.com", "ANN@example.com", "Ann@Example.com", "ann", "ANN"];

        var faults = await Task.WhenAll(
            Enumerable.Range(0, 200)
                .Select(index => Task.Run(() => GuessOnceAsync(app, spellings[index % spellings.Length], index))));

        // The engine has places for a hundred of them: what found none was not compared, and does not count.
        Assert.InRange(app.Hashes.Comparisons, 1, 10);
        Assert.Equal(app.Hashes.Comparisons, faults.Count(static fault => fault == SignInError.WrongCredentials));
        while (app.Hashes.Comparisons < 10)
        {
            await app.CheckByNameAsync("ann", Wrong, Home);
        }

        // The right password is refused too, while the block lasts, and elsewhere it is not.
        Assert.Equal(SignInError.TooManyAttempts, (await app.CheckByNameAsync("ann", App.Password, Home)).Fault);
        Assert.Equal(10, app.Hashes.Comparisons);
        Assert.True(app.Log.Has(3005));
        Assert.True((await app.CheckByNameAsync("ann", App.Password, From("198.51.100.1"))).Succeeded);
    }

    [Fact]
    public async Task CheckByNameAsync_ManyGuessesAtOnce_ExactlyTheFreeOnesAreCompared()
    {
        await using var app = await App.StartAsync();
        await app.CreateAsync();
        app.Hashes.Reset();

        await Task.WhenAll(Enumerable.Range(0, SignInLimits.MostOnTheWay).Select(index => Task.Run(() => app.CheckByNameAsync("ann", $"guess {index}", Home))));

        Assert.Equal((10, 0), (app.Hashes.Comparisons, app.Hashes.Dummies));
    }

    [Fact]
    public async Task CheckByNameAsync_BlockOver_TheRightPasswordPassesAndResetsTheCount()
    {
        await using var app = await StartAsync();
        await app.CreateAsync();
        await GuessAsync(app, "ann", 10, Home);

        var blocked = await app.CheckByNameAsync("ann", App.Password, Home);
        Assert.Equal((SignInError.TooManyAttempts, TimeSpan.FromMinutes(1)), (blocked.Fault, blocked.RetryAfter));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(1), (await app.CheckByNameAsync("ann", App.Password, Home)).RetryAfter);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await app.CheckByNameAsync("ann", App.Password, Home)).Succeeded);

        await GuessAsync(app, "ann", 9, Home);
        Assert.True((await app.CheckByNameAsync("ann", App.Password, Home)).Succeeded);
    }

    [Fact]
    public async Task CheckByNameAsync_GuessesAtAnother_LeaveTheAccountAlone()
    {
        await using var app = await App.StartAsync();
        await app.CreateAsync();
        await app.CreateAsync("bob@example.com", "bob");
        await GuessAsync(app, "bob", 10, Home);
        await GuessAsync(app, "eve", 10, Home);

        Assert.True((await app.CheckByNameAsync("ann", App.Password, Home)).Succeeded);
        Assert.False((await app.CheckByNameAsync("bob", App.Password, Home)).Succeeded);
    }

    /// <summary>M-3: what a stranger sees of a name does not tell whether it has an account, whatever spelling it is sent in.</summary>
    [Theory]
    [InlineData("ann@example.com", "eve@example.com")]
    [InlineData("\uFF41nn@example.com", "\uFF45ve@example.com")]
    [InlineData("a\u0301nn@example.com", "e\u0301ve@example.com")]
    [InlineData("ann@\uFF45xample.com", "eve@\uFF45xample.com")]
    [InlineData("ann@example\u3002com", "eve@example\u3002com")]
    public async Task CheckByNameAsync_NameWithAndWithoutAccount_IsAnsweredAlikeAtEveryAttempt(string known, string unknown)
    {
        await using var app = await StartAsync();
        await app.CreateAsync();
        await app.CreateAsync("\u00E1nn@example.com", "other");
        for (var attempt = 1; attempt <= 60; attempt++)
        {
            var (one, other) = (await app.CheckByNameAsync(known, Wrong, Home), await app.CheckByNameAsync(unknown, Wrong, Home));
            Assert.Equal((attempt, one.Fault, one.RetryAfter), (attempt, other.Fault, other.RetryAfter));
            _time.Advance(TimeSpan.FromSeconds(20 * attempt));
        }
    }

    /// <summary>
    /// M-3: a spelling that is counted like another one finds the same account. Ten wrong under the one bar the other exactly where there is no
    /// account, too.
    /// </summary>
    [Theory]
    [InlineData("ann@\uFF45xample.com", "ann@example.com")]
    [InlineData("eve@\uFF45xample.com", "eve@example.com")]
    [InlineData("ann@example\u3002com", "ann@example.com")]
    [InlineData("eve@example\u3002com", "eve@example.com")]
    public async Task CheckByNameAsync_TwoSpellingsOfOneAddress_ShareOneCount(string spelling, string plain)
    {
        await using var app = await App.StartAsync();
        await app.CreateAsync();
        await GuessAsync(app, spelling, 10, Home);

        Assert.Equal(SignInError.TooManyAttempts, (await app.CheckByNameAsync(plain, Wrong, Home)).Fault);
    }

    /// <summary>M-3: two spellings are one name in the engine's queue exactly where they are one name for the look-up.</summary>
    [Theory]
    [InlineData("ann@example.com", "ANN@example.com", true)]
    [InlineData("eve@example.com", "EVE@example.com", true)]
    [InlineData("ann@example.com", "\uFF41nn@example.com", false)]
    [InlineData("eve@example.com", "\uFF45ve@example.com", false)]
    public async Task CheckByNameAsync_TwoSpellingsAtOnce_ShareAPlaceWhereTheyAreOneName(string one, string other, bool share)
    {
        await using var app = await App.StartAsync(services =>
            services.PostConfigure<PasswordEngineOptions>(static options => (options.MaxPerAccount, options.Cost) = (1, 14)));
        await app.CreateAsync();
        var ann = (await app.Accounts.FindByNameAsync("ann", default)).Account!.UserId;
        await app.SetHashAsync(ann, "$2b$14$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC");

        using var end = new CancellationTokenSource();
        var first = app.CheckByNameAsync(one, Wrong, Home, cancellationToken: end.Token);
        await app.WaitForWorkAsync();
        var second = app.CheckByNameAsync(other, Wrong, Home, cancellationToken: end.Token);

        var patience = Task.Delay(TimeSpan.FromSeconds(share ? 30 : 0.2), TestContext.Current.CancellationToken);
        var refused = await Task.WhenAny(second, patience) == second && second.IsFaulted;
        await end.CancelAsync();
        await Task.WhenAll(first, second).ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.Equal(share, refused);
    }

    /// <summary>
    /// A refresh token opens one way more and closes none: not one that is foreign, forged or of another account, nor one whose own guesses are used
    /// up.
    /// </summary>
    [Fact]
    public async Task CheckByNameAsync_RefreshTokenThatProvesNothing_ChangesNothing()
    {
        await using var app = await StartAsync();
        var ann = await app.CreateAsync();
        var bob = await app.StartAsync(await app.CreateAsync("bob@example.com", "bob"));
        var own = await app.StartAsync(ann);
        string[] uselessTokens =
            [bob.RefreshToken, bob.AccessToken, own.AccessToken, own.RefreshToken[..^2] + "AA", string.Empty, "nonsense", new string('a', 20_000)];
        foreach (var useless in uselessTokens)
        {
            Assert.True((await app.CheckByNameAsync("ann", App.Password, Home, useless)).Succeeded);
        }

        await GuessAsync(app, "ann", 10, Home);
        Assert.False((await app.CheckByNameAsync("ann", App.Password, Home, bob.RefreshToken)).Succeeded);

        // Ten guesses with the token, and the way without it is as it was.
        for (var guess = 0; guess < 10; guess++)
        {
            Assert.Equal(SignInError.WrongCredentials, (await app.CheckByNameAsync("ann", Wrong, Home, own.RefreshToken)).Fault);
        }

        Assert.Equal(SignInError.TooManyAttempts, (await app.CheckByNameAsync("ann", App.Password, Home, own.RefreshToken)).Fault);
        Assert.True((await app.CheckByNameAsync("ann", App.Password, From("203.0.113.9"), own.RefreshToken)).Succeeded);
    }

    /// <summary>An expired token shows an earlier login too.</summary>
    [Fact]
    public async Task CheckByNameAsync_ExpiredRefreshToken_StillOpensItsOwnWay()
    {
        await using var app = await StartAsync();
        var tokens = await app.StartAsync(await app.CreateAsync());
        _time.Advance(TimeSpan.FromDays(8));
        await GuessAsync(app, "ann", 10, Home);

        Assert.False((await app.CheckByNameAsync("ann", App.Password, Home)).Succeeded);
        Assert.True((await app.CheckByNameAsync("ann", App.Password, Home, tokens.RefreshToken)).Succeeded);
    }

    /// <summary>M-7: what was never compared is given back, so that a client that hangs up, or a full engine, blocks nobody.</summary>
    [Fact]
    public async Task CheckByNameAsync_ClientHangsUpOrEngineIsFull_CountsNothing()
    {
        await using var app = await App.StartAsync(services =>
            services.PostConfigure<PasswordEngineOptions>(static options => (options.Workers, options.MaxPerAccount) = (1, 1)));
        var ann = await app.CreateAsync();
        await app.SetHashAsync(ann, "$2b$14$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC");
        for (var attempt = 0; attempt < 12; attempt++)
        {
            using var end = new CancellationTokenSource();
            var first = app.CheckByNameAsync("ann", App.Password, Home, cancellationToken: end.Token);
            await app.WaitForWorkAsync();
            await Assert.ThrowsAsync<PasswordEngineBusyException>(() => app.CheckByNameAsync("ann", App.Password, Home));
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        }

        await app.SetHashAsync(ann, await app.Services.GetRequiredService<PasswordEngine>().HashAsync(App.Password));
        await GuessAsync(app, "ann", 9, Home);
        Assert.True((await app.CheckByNameAsync("ann", App.Password, Home)).Succeeded);
    }

    /// <summary>A thief of a session has ten guesses at the password, and then has no session; the account's other sessions and logins go on.</summary>
    [Fact]
    public async Task CheckByIdAsync_TenWrongPasswordsFromASession_EndThatSession()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var (stolen, own) = (await app.StartSessionAsync(ann), await app.StartSessionAsync(ann));
        for (var guess = 1; guess <= 10; guess++)
        {
            Assert.Null(await app.EndOfAsync(stolen));
            Assert.Equal(SignInError.WrongCredentials, (await app.CheckByIdAsync(ann, Wrong, Home, stolen.Id)).Fault);
        }

        Assert.Equal(RevocationReason.TooManyAttempts, await app.EndOfAsync(stolen));
        Assert.Equal(SignInError.TooManyAttempts, (await app.CheckByIdAsync(ann, App.Password, Home, stolen.Id)).Fault);
        Assert.Null(await app.EndOfAsync(own));
        Assert.True((await app.CheckByIdAsync(ann, App.Password, Home, own.Id)).Succeeded);
        Assert.True((await app.CheckByNameAsync("ann", App.Password, Home)).Succeeded);
    }

    [Fact]
    public async Task ForgetAsync_BlockedAccount_IsUnlockedEverywhere()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        for (var network = 1; network <= 10; network++)
        {
            await GuessAsync(app, "ann", 10, From($"192.0.2.{network}"));
        }

        Assert.False((await app.CheckByNameAsync("ann", App.Password, Home)).Succeeded);
        Assert.False((await app.CheckByNameAsync("ann", App.Password, From("203.0.113.9"))).Succeeded);

        await app.Services.GetRequiredService<SignInAttempts>().ResetAsync(ann);

        Assert.True((await app.CheckByNameAsync("ann", App.Password, Home)).Succeeded);
        Assert.True((await app.CheckByNameAsync("ann", App.Password, From("203.0.113.9"))).Succeeded);
    }

    private static ClientAddress From(string address) => new(address, address, null);

    private Task<App> StartAsync(params (string Name, int Value)[] settings) =>
        App.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)), settings: Settings(settings));

    private static async Task<SignInError?> GuessOnceAsync(App app, string name, int index)
    {
        try
        {
            return (await app.CheckByNameAsync(name, $"guess {index}", Home)).Fault;
        }
        catch (PasswordEngineBusyException)
        {
            return null;
        }
    }

    private static async Task GuessAsync(App app, string name, int count, ClientAddress client)
    {
        for (var attempt = 0; attempt < count; attempt++)
        {
            Assert.Equal(SignInError.WrongCredentials, (await app.CheckByNameAsync(name, Wrong, client)).Fault);
        }
    }

    private static Dictionary<string, string?> Settings(params (string Name, int Value)[] settings) => settings.ToDictionary(
        static setting => setting.Name, static setting => (string?)setting.Value.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
