namespace Countersign.Passwords.Formats;

/// <summary>A stored hash that an additional scheme reads.</summary>
internal sealed class PluggedHash(IStoredPasswordHash hash) : ForeignHash
{
    public override long Rounds { get; } = Math.Max(1, hash.EstimatedRounds);

    public override bool Matches(ReadOnlySpan<byte> password) => hash.Matches(password);

    /// <summary>Reads the hash with the first scheme that can. Null if none can.</summary>
    public static PluggedHash? TryParse(string text, IReadOnlyList<IPasswordHashFormat> schemes)
    {
        foreach (var scheme in schemes)
        {
            if (scheme.TryParse(text, out var hash))
            {
                return new PluggedHash(hash);
            }
        }

        return null;
    }
}
