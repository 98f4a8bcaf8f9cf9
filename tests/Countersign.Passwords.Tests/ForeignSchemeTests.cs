using System.Diagnostics.CodeAnalysis;
using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests;

/// <summary>Schemes that are plugged in: what they are asked, and what becomes of their answers.</summary>
public sealed class ForeignSchemeTests
{
    private const string Unknown = "$other$stored";
    private const string Bcrypt = "$2b$05$E0t1EmXCwN2pDRbGzYEqYeIy.Q2caEjhBWtWLrXpUBgnnwzCVPeAO";

    [Fact]
    public void Verify_FirstSchemeThatReadsIt_Decides()
    {
        Scheme silent = new("$nothing$"), first = new("$other$"), second = new("$other$");
        var hasher = Hashers.Cheap(4, silent, first, second);

        Assert.Equal(PasswordVerification.SuccessRehashNeeded, hasher.Verify("the right one", Unknown));
        Assert.Equal(PasswordVerification.Failed, hasher.Verify("another", Unknown));
        Assert.Equal((2, 2, 0), (silent.Asked.Count, first.Asked.Count, second.Asked.Count));
    }

    [Fact]
    public void Verify_BuiltInFormat_NoSchemeIsAsked()
    {
        var scheme = new Scheme("$");

        Assert.Equal(PasswordVerification.Success, Hashers.Cheap(5, scheme).Verify("correct horse", Bcrypt));
        Assert.Empty(scheme.Asked);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(513)]
    public void Verify_NothingOrTooLong_NoSchemeIsAsked(object? stored)
    {
        var scheme = new Scheme("$");

        Assert.Equal(
            PasswordVerification.Failed, Hashers.Cheap(4, scheme).Verify("the right one", stored is int length ? new string('$', length) : (string?)stored));
        Assert.Empty(scheme.Asked);
    }

    [Fact]
    public void Verify_LongestStoredText_IsHandedOn()
    {
        var scheme = new Scheme("$");

        Assert.Equal(PasswordVerification.SuccessRehashNeeded, Hashers.Cheap(4, scheme).Verify("the right one", new string('$', 512)));
    }

    [Fact]
    public void Verify_TextThatCannotBeAPassword_NeverMatches()
    {
        var hasher = Hashers.Cheap(4, new Scheme("$", static _ => true));

        Assert.Equal(PasswordVerification.Failed, hasher.Verify("\ud800", Unknown));
        Assert.Equal(PasswordVerification.Failed, hasher.Verify(new string('x', 5000), Unknown));
    }

    [Fact]
    public async Task VerifyAsync_SchemesAddedAfterTheStart_AreNotAsked()
    {
        var options = new PasswordEngineOptions { LowestCost = 4, Cost = 4 };
        await using var engine = new PasswordEngine(options, TimeProvider.System);
        options.AdditionalFormats.Add(new Scheme("$"));

        Assert.Equal(PasswordVerification.Failed, await engine.VerifyAsync("the right one", Unknown));
    }

    [Fact]
    public async Task VerifyAsync_ComputationThrows_TheCallerSeesItAndTheEngineGoesOn()
    {
        var options = new PasswordEngineOptions
        {
            LowestCost = 4, Cost = 4, Workers = 1, AdditionalFormats = { new Scheme("$other$", static _ => throw new NotSupportedException()) },
        };
        await using var engine = new PasswordEngine(options, TimeProvider.System);
        for (int attempt = 0; attempt < 5; attempt++)
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => engine.VerifyAsync("password", Unknown).AsTask());
        }

        Assert.Equal(PasswordVerification.SuccessRehashNeeded, await engine.VerifyAsync("password", Hashers.Django("password")));
    }

    [Fact]
    public async Task VerifyAsync_EstimateOfZeroOrLess_CountsAsTheLeastWork()
    {
        var options = new PasswordEngineOptions { LowestCost = 4, Cost = 4, AdditionalFormats = { new Scheme("$other$") { Rounds = long.MinValue } } };
        await using var engine = new PasswordEngine(options, TimeProvider.System);

        Assert.Equal(PasswordVerification.SuccessRehashNeeded, await engine.VerifyAsync("the right one", Unknown));
        Assert.Equal(0, engine.QueueDepth);
    }

    [Theory]
    [InlineData(PasswordFormat.Bcrypt)]
    [InlineData(PasswordFormat.Identity)]
    public async Task VerifyWithOwnSchemeAsync_HashThatNothingElseReads_OwnSchemeDecidesAndItIsReplaced(PasswordFormat format)
    {
        await using var engine = Engine(format);
        var own = new Scheme("$other$");

        Assert.Equal(PasswordVerification.SuccessRehashNeeded, await engine.VerifyWithOwnSchemeAsync("the right one", Unknown, own, default, default));
        Assert.Equal(PasswordVerification.Failed, await engine.VerifyWithOwnSchemeAsync("another", Unknown, own, default, default));
        Assert.Equal(PasswordVerification.Failed, await engine.VerifyAsync("the right one", Unknown));

        // The application's column has whatever length it has.
        var ofLongHash = await engine.VerifyWithOwnSchemeAsync("the right one", Unknown + new string('x', 1000), own, default, default);
        Assert.Equal(PasswordVerification.SuccessRehashNeeded, ofLongHash);
    }

    [Fact]
    public async Task VerifyWithOwnSchemeAsync_NothingStoredOrBcrypt_OwnSchemeIsNotAsked()
    {
        await using var engine = Engine(PasswordFormat.Bcrypt);
        var own = new Scheme("");

        Assert.Equal(PasswordVerification.Failed, await engine.VerifyWithOwnSchemeAsync("the right one", null, own, default, default));
        Assert.Equal(PasswordVerification.Failed, await engine.VerifyWithOwnSchemeAsync("the right one", "", own, default, default));
        Assert.Equal(PasswordVerification.Failed, await engine.VerifyWithOwnSchemeAsync("the right one", Bcrypt, own, default, default));
        Assert.Equal(PasswordVerification.Failed, await engine.VerifyWithOwnSchemeAsync("the right one", Hashers.Django("other"), own, default, default));
        Assert.Empty(own.Asked);
    }

    /// <summary>A hasher that adds a key of its own to Identity's writes the same form: what Identity's function does not match, it may.</summary>
    [Theory]
    [InlineData(PasswordFormat.Bcrypt)]
    [InlineData(PasswordFormat.Identity)]
    public async Task VerifyWithOwnSchemeAsync_IdentityHashThatDoesNotMatch_OwnSchemeIsAskedToo(PasswordFormat format)
    {
        await using var engine = Engine(format);
        string stored = new PasswordHasher(new PasswordEngineOptions { Format = PasswordFormat.Identity }).Hash("the password and a key");
        var own = new Scheme("AQAAAA");

        Assert.Equal(PasswordVerification.SuccessRehashNeeded, await engine.VerifyWithOwnSchemeAsync("the right one", stored, own, default, default));
        Assert.Equal(PasswordVerification.Failed, await engine.VerifyWithOwnSchemeAsync("another", stored, own, default, default));
        Assert.Equal(
            format == PasswordFormat.Identity ? PasswordVerification.Success : PasswordVerification.SuccessRehashNeeded,
            await engine.VerifyWithOwnSchemeAsync("the password and a key", stored, own, default, default));
    }

    [Fact]
    public async Task VerifyWithOwnSchemeAsync_OwnSchemeTakesItsTime_LanesGoOnAndTheDeadlineHoldsForWhatWaits()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var options = new PasswordEngineOptions { LowestCost = 4, Cost = 4, Workers = 1 };
        await using var engine = new PasswordEngine(options, time);
        using var hold = new ManualResetEventSlim();
        using var begun = new SemaphoreSlim(0);
        var own = new Scheme("$other$", _ =>
        {
            begun.Release();
            hold.Wait();
            return true;
        });
        var running = engine.VerifyWithOwnSchemeAsync("password", Unknown, own, default, default).AsTask();
        Assert.True(await begun.WaitAsync(Patience.Limit));
        var waiting = engine.VerifyWithOwnSchemeAsync("password", Unknown, own, new(null, "ann"), default).AsTask();

        Assert.Equal(PasswordVerification.Success, await engine.VerifyAsync("password", await engine.HashAsync("password")));
        time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<PasswordEngineBusyException>(() => waiting);
        hold.Set();
        Assert.Equal(PasswordVerification.SuccessRehashNeeded, await running);
        Assert.Equal(PasswordVerification.SuccessRehashNeeded, await engine.VerifyWithOwnSchemeAsync("password", Unknown, own, new(null, "ann"), default));
    }

    [Fact]
    public void Constructor_NullAmongTheSchemes_Throws()
    {
        Assert.Throws<ArgumentException>("foreignSchemes", () => new PasswordHasher(12, [null!]));
        Assert.Throws<ArgumentException>(
            "AdditionalFormats", () => new PasswordEngine(new PasswordEngineOptions { AdditionalFormats = { null! } }, TimeProvider.System));
    }

    private static PasswordEngine Engine(PasswordFormat format) =>
        new(new PasswordEngineOptions { LowestCost = 4, Cost = 5, Format = format, Workers = 1 }, TimeProvider.System);

    /// <summary>Reads what begins so.</summary>
    private sealed class Scheme(string beginning, Func<string, bool>? matches = null) : IPasswordHashFormat
    {
        public List<string> Asked { get; } = [];

        public long Rounds { get; init; } = 1;

        public bool TryParse(string storedHash, [NotNullWhen(true)] out IStoredPasswordHash? hash)
        {
            Asked.Add(storedHash);
            hash = storedHash.StartsWith(beginning, StringComparison.Ordinal)
                ? new Hash(Rounds, matches ?? (static password => password == "the right one"))
                : null;
            return hash is not null;
        }
    }

    private sealed class Hash(long rounds, Func<string, bool> matches) : IStoredPasswordHash
    {
        public long EstimatedRounds => rounds;

        public bool Matches(ReadOnlySpan<byte> password) => matches(System.Text.Encoding.UTF8.GetString(password));
    }
}
