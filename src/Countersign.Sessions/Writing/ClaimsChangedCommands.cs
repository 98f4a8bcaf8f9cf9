namespace Countersign.Sessions.Writing;

/// <summary>Makes the access tokens of an account stale. It answers how many live sessions the account has.</summary>
internal sealed class ClaimsChangedCommand(string userId) : SessionCommand<int>
{
    /// <inheritdoc />
    public override string? UserId => userId;

    /// <inheritdoc />
    protected override int DecideCore(SessionBatch batch)
    {
        var live = batch.LiveOf(userId);
        foreach (var session in live)
        {
            batch.AnnounceClaimsChange(session.Id);
        }

        return live.Count;
    }
}

/// <summary>Makes all access tokens stale. Its answer means nothing.</summary>
internal sealed class AllClaimsChangedCommand : SessionCommand<bool>
{
    /// <inheritdoc />
    protected override bool DecideCore(SessionBatch batch)
    {
        batch.MakeAllStale();
        return true;
    }
}
