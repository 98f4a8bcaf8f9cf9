namespace Countersign.Sessions.Keys;

/// <summary>What a key of the database is encrypted under, as far as this service can tell.</summary>
public enum KeyEncryption
{
    /// <summary>Under neither master key that is configured, or the row was changed: the key can't be used here.</summary>
    Unreadable,

    /// <summary>Under <see cref="KeyOptions.MasterKey"/>.</summary>
    MasterKey,

    /// <summary>Under <see cref="KeyOptions.PreviousMasterKey"/>, which is needed as long as there is one such key.</summary>
    PreviousMasterKey,
}
