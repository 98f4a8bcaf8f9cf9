using Countersign.Passwords.Argon2.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Passwords.Argon2.Tests;

/// <summary>
/// A failed login costs at least one bcrypt hash, also where the stored hash is cheaper: counted in rounds (the clock stands, so time spent in Argon2 counts as
/// none).
/// </summary>
public sealed class Argon2idWorkTests : IAsyncDisposable
{
    /// <summary>Of the engine's cost, 6.</summary>
    private const int Rounds = 64;

    private readonly PasswordEngine _engine;
    private readonly Recorder _recorder;

    public Argon2idWorkTests()
    {
        var options = new PasswordEngineOptions { LowestCost = 4, Cost = 6, MaxStoredCost = 8, AdditionalFormats = { new Argon2idFormat() } };
        _engine = new PasswordEngine(options, new FakeTimeProvider());
        _recorder = new Recorder(_engine.Metrics.Meter);
    }

    public static TheoryData<string, string> StoredHashes { get; } = new()
    {
        { "cheap", Stored.Cheap },
        { "two lanes", Stored.TwoLanes },
        { "the cheapest there is", Stored.With("m=8,t=1,p=1") },
        { "malformed", Stored.Cheap[..^1] },
        { "above a limit", Stored.With("m=999999999,t=1,p=1") },
        { "Argon2i", Stored.Cheap.Replace("argon2id", "argon2i", StringComparison.Ordinal) },
    };

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _recorder.Dispose();
    }

    [Theory]
    [MemberData(nameof(StoredHashes))]
    public async Task VerifyAsync_WrongPassword_TakesABcryptHash(string kind, string stored)
    {
        foreach (string password in new[] { "wrong", "", new string('w', 73), new string('w', 4096), new string('w', 1_000_000), "wrong\ud800" })
        {
            double before = _recorder.Sum(PasswordMetrics.RoundsName);

            Assert.Equal(PasswordVerification.Failed, await _engine.VerifyAsync(password, stored));

            double rounds = _recorder.Sum(PasswordMetrics.RoundsName) - before;
            Assert.True(rounds == Rounds, $"{kind}, {password.Length} characters: {rounds} rounds.");
        }
    }

    [Theory]
    [MemberData(nameof(StoredHashes))]
    public async Task VerifyAsync_PasswordNotInNfc_TakesTwoHashes(string kind, string stored)
    {
        Assert.Equal(PasswordVerification.Failed, await _engine.VerifyAsync("e\u0301", stored));

        double rounds = _recorder.Sum(PasswordMetrics.RoundsName);
        Assert.True(rounds == 2 * Rounds, $"{kind}: {rounds} rounds.");
    }

    [Fact]
    public async Task VerifyAsync_RightPassword_AsksForRehashWithoutMoreWork()
    {
        Assert.Equal(PasswordVerification.SuccessRehashNeeded, await _engine.VerifyAsync(Stored.Password, Stored.Cheap));
        Assert.Equal(0, _recorder.Sum(PasswordMetrics.RoundsName));
    }
}
