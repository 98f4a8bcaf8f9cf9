using Countersign.Passwords.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Passwords.Tests;

/// <summary>
/// Every way to fail costs the same, counted in bcrypt rounds rather than timed (the clock stands, so time spent in PBKDF2 counts as none). The engine's cost
/// is 6: 64 rounds.
/// </summary>
public sealed class PasswordEngineWorkTests : IAsyncDisposable
{
    private const int Rounds = 64;

    private readonly PasswordEngine _engine;
    private readonly Recorder _recorder;

    public PasswordEngineWorkTests()
    {
        _engine = new PasswordEngine(new PasswordEngineOptions { LowestCost = 4, Cost = 6, MaxStoredCost = 8 }, new FakeTimeProvider());
        _recorder = new Recorder(_engine.Metrics.Meter);
    }

    public static TheoryData<string, string?> StoredHashes { get; } = new()
    {
        { "missing", null },
        { "empty", "" },
        { "unknown", "plain text" },
        { "locked", "!" },
        { "corrupt", "$2b$06$CCCCCCCCCCCCCCCCCCCCC" },
        { "above the cap", "$2b$09$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC" },
        { "far above the cap", "$2b$31$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC" },
        { "PBKDF2 above the cap", "pbkdf2_sha256$10000001$u72S2mPHaSFk$sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJHZUQ=" },
        { "the faulty variant", "$2x$06$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC" },
        { "bcrypt at the configured cost", "$2b$06$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC" },
        { "bcrypt whose digest is all zeroes", $"$2b$06$CCCCCCCCCCCCCCCCCCCCC.{new string('.', 31)}" },
        { "bcrypt one below", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC" },
        { "bcrypt two below", "$2y$04$CCCCCCCCCCCCCCCCCCCCC.Dg0ly9t/KVBCBYYDfOmZKwry9JuXClC" },
        { "bcrypt-sha256, version 2", "$bcrypt-sha256$v=2,t=2b,r=5$gzQk54Kuyo49P1iKCI8v6O$vu6pNh.KRY5G.K/7GtPlRwNKOdTEuHu" },
        { "bcrypt-sha256, version 1", "$bcrypt-sha256$2b,6$mNRAD86KGqtEqORszMzgau$ZeNYY2oR8n0u5TUfSgz9AmAUfpVodh." },
        { "Django", "pbkdf2_sha256$1000$u72S2mPHaSFk$sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJHZUQ=" },
        { "passlib PBKDF2", "$pbkdf2-sha256$1000$630vRWjtPef8nxOiVGrtfQ$dulZ.B2z./3F4zRf/WqdO9/RvI55KaYJ/FgD.4LzKxw" },
        { "Identity", "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw" },
    };

    public static TheoryData<string, string> Passwords { get; } = new()
    {
        { "ordinary", "wrong password" },
        { "empty", "" },
        { "73 bytes", new string('w', 73) },
        { "1,000 bytes", new string('w', 1000) },
        { "4,096 bytes", new string('w', 4096) },
        { "a megabyte", new string('w', 1_000_000) },
        { "NUL inside", "wrong\0password" },
        { "lone surrogate", "wrong\ud800password" },
        { "a noncharacter that the platform does not normalise", "wrong\ufffepassword" },
        { "a noncharacter", "wrong\uffffpassword" },
    };

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _recorder.Dispose();
    }

    [Theory]
    [MemberData(nameof(StoredHashes))]
    public async Task VerifyAsync_AnyStoredHash_FailureTakesTheSameRounds(string kind, string? stored)
    {
        foreach (var row in Passwords)
        {
            double before = _recorder.Sum(PasswordMetrics.RoundsName);

            Assert.Equal(PasswordVerification.Failed, await _engine.VerifyAsync(row.Data.Item2, stored));

            double rounds = _recorder.Sum(PasswordMetrics.RoundsName) - before;
            Assert.True(rounds == Rounds, $"{kind}, {row.Data.Item1}: {rounds} rounds.");
        }
    }

    [Theory]
    [MemberData(nameof(StoredHashes))]
    public async Task VerifyAsync_PasswordNotInNfc_FailureTakesTwiceTheRoundsForEverybody(string kind, string? stored)
    {
        Assert.Equal(PasswordVerification.Failed, await _engine.VerifyAsync("e\u0301", stored));

        double rounds = _recorder.Sum(PasswordMetrics.RoundsName);
        Assert.True(rounds == 2 * Rounds, $"{kind}: {rounds} rounds.");
    }

    [Fact]
    public async Task VerifyAsync_NoStoredHash_IsCountedAsDummy()
    {
        await _engine.VerifyAsync("password", null);

        Assert.Equal(1, _recorder.Sum(PasswordMetrics.HashesName, "dummy"));
        Assert.Equal(0, _recorder.Sum(PasswordMetrics.HashesName, "compare"));
    }

    [Fact]
    public async Task VerifyAsync_RightPassword_IsComparedOnce()
    {
        string hash = await _engine.HashAsync("password");

        Assert.Equal(PasswordVerification.Success, await _engine.VerifyAsync("password", hash));

        Assert.Equal(1, _recorder.Sum(PasswordMetrics.HashesName, "new"));
        Assert.Equal(1, _recorder.Sum(PasswordMetrics.HashesName, "compare"));
        Assert.Equal(0, _recorder.Sum(PasswordMetrics.HashesName, "dummy"));
    }

    [Fact]
    public async Task VerifyAsync_DearerStoredHash_TakesItsOwnCost()
    {
        Assert.Equal(PasswordVerification.Failed, await _engine.VerifyAsync("password", "$2b$08$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC"));

        Assert.Equal(256, _recorder.Sum(PasswordMetrics.RoundsName));
    }

    [Fact]
    public async Task HashAsync_Unhashable_ThrowsArgumentBeforeTheQueue()
    {
        await Assert.ThrowsAsync<ArgumentException>("password", () => _engine.HashAsync("\ud800").AsTask());
        await Assert.ThrowsAsync<ArgumentException>("password", () => _engine.HashAsync("\ufffe").AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => _engine.HashAsync(new string('p', 4097)).AsTask());
        Assert.Equal(0, _recorder.Sum(PasswordMetrics.RoundsName));
    }

    [Fact]
    public async Task HashAsync_ManyAtOnce_AllVerify()
    {
        string[] passwords = [.. Enumerable.Range(0, 60).Select(number => $"password {number}")];
        string[] hashes = await Task.WhenAll(passwords.Select(password => _engine.HashAsync(password).AsTask()));
        var answers = await Task.WhenAll(passwords.Zip(hashes, (password, hash) => _engine.VerifyAsync(password, hash).AsTask()));

        Assert.All(answers, answer => Assert.Equal(PasswordVerification.Success, answer));
        Assert.Equal(hashes.Length, hashes.Distinct(StringComparer.Ordinal).Count());
    }
}
