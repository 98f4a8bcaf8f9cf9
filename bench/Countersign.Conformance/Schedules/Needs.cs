namespace Countersign.Conformance.Schedules;

/// <summary>What a schedule needs of a server and its environment.</summary>
[Flags]
internal enum Needs
{
    None = 0,

    /// <summary>Time must pass. If the clocks can be set, they are; otherwise short times are waited for.</summary>
    Time = 1,

    /// <summary>The clocks must be set.</summary>
    ToldClock = 2,

    TwoNodes = 4,

    /// <summary>PostgreSQL, through a proxy that can stop between two messages.</summary>
    Proxy = 8,

    /// <summary>Only SQLite: on a database server the schedules with named points show more.</summary>
    File = 16,

    LogOut = 32,

    /// <summary>The database is a separate process that can be restarted.</summary>
    DatabaseProcess = 64,

    /// <summary>The operator can replace the key that signs refresh tokens.</summary>
    KeyRotation = 128,
}
