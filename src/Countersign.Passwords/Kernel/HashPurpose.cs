namespace Countersign.Passwords.Kernel;

/// <summary>Why a bcrypt digest was computed; the <c>purpose</c> tag of the metrics.</summary>
internal enum HashPurpose
{
    /// <summary>A new hash.</summary>
    New,

    /// <summary>A stored hash compared with a password.</summary>
    Compare,

    /// <summary>Work whose result is ignored. It makes every failure take the same time.</summary>
    Dummy,
}
