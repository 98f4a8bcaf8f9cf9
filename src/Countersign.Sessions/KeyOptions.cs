namespace Countersign.Sessions;

/// <summary>What the keys in the database are encrypted under.</summary>
public sealed class KeyOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth";

    /// <summary>32 random bytes in base64. Needed unless a shared secret is configured, which leaves no key to keep.</summary>
    public string? MasterKey { get; set; }

    /// <summary>The master key that <see cref="MasterKey"/> replaces: it still decrypts, and encrypts nothing. Null when none is being replaced.</summary>
    public string? PreviousMasterKey { get; set; }

    /// <summary>The options in force give nothing away.</summary>
    public override string ToString() => nameof(KeyOptions);
}
