namespace Countersign.Conformance.Schedules;

/// <summary>What a schedule needs of a server and of its surroundings.</summary>
[Flags]
internal enum Needs
{
    None = 0,

    /// <summary>Time must pass: told where the clocks can be told, else waited for where it is short.</summary>
    Time = 1,

    /// <summary>The clocks must be told.</summary>
    ToldClock = 2,

    TwoNodes = 4,

    /// <summary>PostgreSQL, through a proxy that can stop between two messages.</summary>
    Proxy = 8,

    /// <summary>SQLite alone: on a server database the schedules with named points say more.</summary>
    File = 16,

    LogOut = 32,

    /// <summary>The database is a process of its own that can be restarted.</summary>
    DatabaseProcess = 64,

    /// <summary>The operator can put another key in the place of the one that signs refresh tokens.</summary>
    KeyRotation = 128,
}
