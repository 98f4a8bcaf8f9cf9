using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Countersign.Benchmarks.Measurement;
using Countersign.Tokens.Revocation;

namespace Countersign.Benchmarks.Revocation;

/// <summary>The look-up that every authorised request makes, at a million revoked sessions, against the base library's table for many threads.</summary>
internal static class RevocationSuite
{
    private const int Sessions = 1_000_000;

    public static async Task<IReadOnlyList<Row>> RunAsync(RunSettings settings)
    {
        var revoked = Ids(Sessions);
        var others = Ids(Sessions);
        var asked = settings.IsQuick ? Sessions / 4 : Sessions;
        var list = new RevocationList(TimeProvider.System, TimeSpan.FromMinutes(75));
        var peer = new ConcurrentDictionary<Guid, (RevocationReason Reason, long AddedAt)>();
        var listBytes = await HeldAsync(() => FillAsync(list, revoked));
        var peerBytes = await HeldAsync(() => FillAsync(peer, revoked));

        // In another order than they were added: requests do not come in the order of revocations.
        RandomNumberGenerator.Shuffle(revoked.AsSpan());
        var contest = new Contest();
        contest.Add("list, absent", async () => await AskAsync(others, asked, id => list.TryFind(id, out _), false));
        contest.Add("dictionary, absent", async () => await AskAsync(others, asked, id => peer.TryGetValue(id, out _), false));
        contest.Add("list, present", async () => await AskAsync(revoked, asked, id => list.TryFind(id, out _), true));
        contest.Add("dictionary, present", async () => await AskAsync(revoked, asked, id => peer.TryGetValue(id, out _), true));
        await contest.RunAsync(settings.Rounds);
        return
        [
            contest.Faster("revocation-absent", "list, absent", "dictionary, absent"),
            contest.Faster("revocation-present", "list, present", "dictionary, present"),
            new Row(
                "revocation-memory",
                0,
                listBytes / (double)Sessions,
                new Dictionary<string, double>(StringComparer.Ordinal) { ["dictionary"] = peerBytes / (double)listBytes }),
        ];
    }

    private static Guid[] Ids(int count)
    {
        var ids = new Guid[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = Guid.CreateVersion7();
        }

        return ids;
    }

    private static Task FillAsync(RevocationList list, Guid[] ids)
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var id in ids)
        {
            list.Add(id, RevocationReason.LoggedOut, now);
        }

        return Task.CompletedTask;
    }

    private static Task FillAsync(ConcurrentDictionary<Guid, (RevocationReason Reason, long AddedAt)> table, Guid[] ids)
    {
        foreach (var id in ids)
        {
            table[id] = (RevocationReason.LoggedOut, Stopwatch.GetTimestamp());
        }

        return Task.CompletedTask;
    }

    private static async Task<long> HeldAsync(Func<Task> fill)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await fill();
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    private static Task<Sample> AskAsync(Guid[] ids, int count, Func<Guid, bool> find, bool expected) => OneCore.RunAsync(() =>
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            if (find(ids[i]) != expected)
            {
                throw new InvalidOperationException("A look-up gave the wrong answer.");
            }
        }

        var nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
        return new Sample(nanoseconds / count, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)count);
    });
}
