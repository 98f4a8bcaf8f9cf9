using System.Diagnostics.CodeAnalysis;
using Countersign.Passwords.Kernel;
using Countersign.Passwords.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Passwords.Tests;

/// <summary>
/// Whether a comparison gets a place never depends on what is stored for the account: a network whose share is full is refused at the same attempt for every
/// name.
/// One worker that holds until told, under a clock that stands; two hashes fill a network's share.
/// </summary>
public sealed class PasswordEngineAdmissionTests
{
    private static readonly PasswordQueueKey Network = new("192.0.2.1", null);

    public static TheoryData<string, string?> Accounts { get; } = new()
    {
        { "unknown", null },
        { "unreadable", "plain text" },
        { "bcrypt", "$2b$12$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC" },
        { "cheap bcrypt", "$2b$04$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC" },
        { "dear bcrypt", "$2b$14$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC" },
        { "Identity", "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw" },
        { "Django", "pbkdf2_sha256$1000$u72S2mPHaSFk$sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJHZUQ=" },
    };

    [Theory]
    [MemberData(nameof(Accounts))]
    public async Task VerifyAsync_ShareFullOfUnknownNames_RefusedWhateverIsStored(string kind, string? stored)
    {
        using var gate = new Gate();
        var engine = Engine(gate, lanes: 1);
        _ = engine.HashAsync("password").AsTask();
        await gate.BegunAsync();
        Task[] waiting = [engine.VerifyAsync("password", null, Network).AsTask(), engine.VerifyAsync("password", null, Network).AsTask()];

        Assert.True(await IsRefusedAsync(engine, stored), kind);

        gate.Open();
        await Task.WhenAll(waiting);
        await engine.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Accounts))]
    public async Task VerifyAsync_RoomInTheShare_AdmittedWhateverIsStored(string kind, string? stored)
    {
        using var gate = new Gate();
        var engine = Engine(gate, lanes: 1);
        _ = engine.HashAsync("password").AsTask();
        await gate.BegunAsync();
        var waiting = engine.VerifyAsync("password", null, Network).AsTask();

        Assert.False(await IsRefusedAsync(engine, stored), kind);

        gate.Open();
        await waiting;
        await engine.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Accounts))]
    public async Task VerifyAsync_OtherSchemesOccupyTheirThread_PlacesAreTheSameForEveryKind(string kind, string? stored)
    {
        using var gate = new Gate();
        using var hold = new ManualResetEventSlim();
        var engine = Engine(gate, lanes: 4, new HeldScheme(hold));
        Task[] held = [.. Enumerable.Range(0, 3).Select(_ => engine.VerifyAsync("password", "$held$", Network).AsTask())];
        Assert.All(held, static task => Assert.False(task.IsFaulted));

        // One place of four is left, and nothing of this network waits.
        Assert.False(await IsRefusedAsync(engine, stored), kind);

        hold.Set();
        gate.Open();
        await Task.WhenAll(held);
        await engine.DisposeAsync();
    }

    private static PasswordEngine Engine(Gate gate, int lanes, params IPasswordHashFormat[] schemes)
    {
        var options = new PasswordEngineOptions { Workers = 1, LanesPerWorker = lanes };
        foreach (var scheme in schemes)
        {
            options.AdditionalFormats.Add(scheme);
        }

        return new PasswordEngine(options, new FakeTimeProvider(), new WorkRate(4.4), gate.CreateLanes);
    }

    /// <summary>A refusal is given at once; whatever was admitted stands still.</summary>
    private static async Task<bool> IsRefusedAsync(PasswordEngine engine, string? stored)
    {
        var answer = engine.VerifyAsync("password", stored, Network).AsTask();
        if (!answer.IsFaulted)
        {
            return false;
        }

        await Assert.ThrowsAsync<PasswordEngineBusyException>(() => answer);
        return true;
    }

    /// <summary>A scheme whose computation takes until it is told, and as much of the queue as a hash at cost 12.</summary>
    private sealed class HeldScheme(ManualResetEventSlim hold) : IPasswordHashFormat, IStoredPasswordHash
    {
        public long EstimatedRounds => 4096;

        public bool TryParse(string storedHash, [NotNullWhen(true)] out IStoredPasswordHash? hash)
        {
            hash = storedHash == "$held$" ? this : null;
            return hash is not null;
        }

        public bool Matches(ReadOnlySpan<byte> password)
        {
            hold.Wait();
            return false;
        }
    }
}
