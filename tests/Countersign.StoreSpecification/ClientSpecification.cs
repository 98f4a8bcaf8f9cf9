using Countersign.Sessions;
using Countersign.Sessions.Rotation;
using Countersign.Tokens;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>What clients that are no users do to sessions on every store: ask of their refresh tokens, and end them by one of their tokens.</summary>
public abstract class ClientSpecification(ITestDatabase database) : StoreSuite(database)
{
    private const int Generations = 4;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>A refresh token of every generation, at ages on both sides of every line of the rotation table.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(29)]
    [InlineData(31)]
    [InlineData(61)]
    [InlineData(299)]
    [InlineData(301)]
    [InlineData(2401)]
    public async Task Inspect_TokenOfAnyGenerationAtAnyAge_SaysWhatARefreshWouldAndChangesNothing(int seconds)
    {
        // Short, so that the clock need not turn for days: every second of it is one of the feed's.
        var node = await StartNodeAsync(static services =>
        {
            services.Configure<CountersignRefreshOptions>(static options => options.LostResponseWindow = TimeSpan.FromMinutes(5));
            services.Configure<CountersignSessionOptions>(static options => options.IdleLifetime = TimeSpan.FromMinutes(40));
        });
        Accounts.Add("ada");
        var sessions = new List<(Guid Id, List<string> Tokens)>();
        for (var i = 0; i < Generations; i++)
        {
            var first = await node.LogInAsync("ada");
            sessions.Add((first.Session.Id, [first.RefreshToken]));
        }

        for (var generation = 1; generation < Generations; generation++)
        {
            Time.Advance((2 * Grace) + TimeSpan.FromSeconds(1));
            foreach (var (_, tokens) in sessions)
            {
                Assert.True((await node.Sessions.RefreshAsync(tokens[^1])).TryGetTokens(out var next, out _));
                tokens.Add(next.RefreshToken);
            }
        }

        Time.Advance(TimeSpan.FromSeconds(seconds));
        for (var i = 0; i < Generations; i++)
        {
            var (id, tokens) = sessions[i];
            var before = (await node.Sessions.FindAsync(id))!.State;

            var claims = await node.Sessions.InspectAsync(tokens[i], CancellationToken.None);

            Assert.Equal(before, (await node.Sessions.FindAsync(id))!.State);
            Assert.True(claims is null || (claims.Value.SessionId == id && claims.Value.Generation == i + 1));
            Assert.Equal((await node.Sessions.RefreshAsync(tokens[i])).Succeeded, claims is not null);
        }
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("inactive")]
    [InlineData("changed")]
    [InlineData("gone")]
    [InlineData("revoked on another node")]
    public async Task Inspect_SessionOrAccountOver_Null(string how)
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        Assert.NotNull(await node.Sessions.InspectAsync(tokens.RefreshToken, CancellationToken.None));
        switch (how)
        {
            case "revoked":
                await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);
                break;
            case "inactive":
                Accounts.Add("ada", isActive: false);
                break;
            case "changed":
                Accounts.Add("ada", stamp: "changed");
                break;
            case "gone":
                Accounts.Remove("ada");
                break;
            default:
                await (await StartNodeAsync()).Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);
                break;
        }

        Assert.Null(await node.Sessions.InspectAsync(tokens.RefreshToken, CancellationToken.None));
        Assert.Null(await node.Sessions.InspectAsync(tokens.AccessToken, CancellationToken.None));
        Assert.Null(await node.Sessions.InspectAsync("nonsense", CancellationToken.None));
    }

    [Fact]
    public async Task RevokeToken_LiveSession_DeadHereAtOnceAndSoonElsewhere()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");

        Assert.True(await node.Sessions.RevokeTokenAsync(tokens.Session.Id, "api", "192.0.2.1", CancellationToken.None));

        Assert.False(node.Validator.TryValidate(tokens.AccessToken, out _, out var error));
        Assert.Equal(TokenError.SessionRevoked, error);
        Assert.True((await other.Sessions.RefreshAsync(tokens.RefreshToken)) is { Succeeded: false });
        await AdvanceUntilAsync(() => !other.Validator.TryValidate(tokens.AccessToken, out _, out _));
        Assert.False(await node.Sessions.RevokeTokenAsync(tokens.Session.Id, "api", null, CancellationToken.None));
        Assert.Equal(RevocationReason.TokenRevoked, (await node.Sessions.FindAsync(tokens.Session.Id))!.State.RevokedReason);
    }

    [Fact]
    public async Task RevokeToken_RowUnknown_AnnouncedOnceToEveryNode()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        var id = Guid.CreateVersion7(Time.GetUtcNow());

        Assert.False(await node.Sessions.RevokeTokenAsync(id, "api", null, CancellationToken.None));
        Assert.False(await node.Sessions.RevokeTokenAsync(id, "api", null, CancellationToken.None));

        Assert.True(node.Revocations.TryFind(id, out var reason));
        Assert.Equal(RevocationReason.TokenRevoked, reason);
        await AdvanceUntilAsync(() => other.Revocations.TryFind(id, out _));
        Assert.Equal(1, await CountRowsAsync("countersign_revocations", "1 = 1"));
    }

    [Fact]
    public async Task RevokeToken_OverOnAnotherNode_TheFirstReasonHoldsHereAtOnce()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        node.CutFeed();
        await other.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.AccountInactive);
        Assert.True(node.Validator.TryValidate(tokens.AccessToken, out _, out _), "This node must not have heard of it yet, or the test shows nothing.");

        Assert.False(await node.Sessions.RevokeTokenAsync(tokens.Session.Id, "api", null, CancellationToken.None));

        Assert.False(node.Validator.TryValidate(tokens.AccessToken, out _, out var error));
        Assert.Equal(TokenError.AccountInactive, error);
    }
}
