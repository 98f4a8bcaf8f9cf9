using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Countersign.Harness;
using Microsoft.EntityFrameworkCore;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>What an app's telemetry sees, and that the page lists all of it.</summary>
public sealed class ObservabilityTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs/observability.md"));

    [Fact]
    public async Task Activities_LoginAndRefresh_NameStepsAndNobody()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var root = new Activity("test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Countersign",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        await using var app = await GuestApp.StartAsync();
        await app.CreateAsync("ann", "ann@example.com");
        ActivitySource.AddActivityListener(listener);
        root.SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded).Start();

        var login = await app.LoginAsync("ann");
        await app.LoginAsync("ann", "a wrong password of some length");
        var refreshToken = login.Json.GetProperty("refresh_token").GetString()!;
        await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = refreshToken });
        await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = refreshToken + "x" });
        await app.WithContextAsync(static context => context.Database.ExecuteSqlRawAsync("ALTER TABLE countersign_sessions RENAME TO away"));
        Assert.Equal(503, (await app.LoginAsync("ann")).Status);
        Assert.Equal(503, (await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = refreshToken })).Status);

        // Other tests run beside this one. The requests of this test carry its trace id.
        var mine = ended.Where(activity => activity.TraceId == root.TraceId).ToList();
        Assert.Equal(
            [
                "countersign.login", "countersign.login Microsoft.Data.Sqlite.SqliteException", "countersign.login invalid_credentials",
                "countersign.password_hash", "countersign.password_hash",
                "countersign.refresh", "countersign.refresh Countersign.Sessions.SessionsUnavailableException", "countersign.refresh refresh_token_invalid",
            ],
            mine.Select(static activity => $"{activity.OperationName} {activity.GetTagItem("error.type")}".Trim()).Order(StringComparer.Ordinal));
        Assert.Equal("Rotated", mine.First(static activity => activity.OperationName == "countersign.refresh").GetTagItem("countersign.rotation.case"));
        Assert.Contains(ended, static activity => activity.OperationName == "countersign.session_batch" && activity.Parent is null);
        foreach (var activity in ended)
        {
            Assert.Contains($"`{activity.OperationName}`", Page, StringComparison.Ordinal);
            foreach (var (name, value) in activity.TagObjects)
            {
                Assert.Contains($"`{name}`", Page, StringComparison.Ordinal);
                Assert.DoesNotContain("ann", value!.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(refreshToken, value.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Meters_EveryInstrument_IsOnThePage()
    {
        var found = new ConcurrentDictionary<string, Instrument>(StringComparer.Ordinal);
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => found.TryAdd(instrument.Name, instrument) };
        listener.Start();
        var postbox = new Mail.Postbox();
        await using var app = await GuestApp.StartAsync(postbox.Setup());
        await app.CreateAsync("ann", "ann@example.com");
        var login = await app.LoginAsync("ann");
        await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = login.Json.GetProperty("refresh_token").GetString() });
        await app.SendAsync("POST", "/api/v1/auth/forgot-password", new { email = "ann@example.com" });
        await postbox.FindAsync(static _ => true);

        var ours = found.Values.Where(static instrument => instrument.Meter.Name.StartsWith("Countersign", StringComparison.Ordinal)).ToList();
        Assert.Equal(10, ours.Count);
        Assert.All(ours, static instrument => Assert.Contains(
            $"| `{instrument.Meter.Name}` | `{instrument.Name}` | `{instrument.Unit}` |", Page, StringComparison.Ordinal));
    }
}
