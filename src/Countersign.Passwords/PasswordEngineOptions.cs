using Countersign.Passwords.Formats;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords;

/// <summary>
/// Settings of a <see cref="PasswordEngine"/>. Read once, by its constructor, which refuses values outside the ranges given here.
/// </summary>
public sealed class PasswordEngineOptions
{
    /// <summary>Name of the configuration section that these settings are read from.</summary>
    public const string SectionName = "Auth:Passwords";

    /// <summary>
    /// The format of new hashes; a hash of the other format is replaced at the next login with the right password. Default <see cref="PasswordFormat.Bcrypt"/>.
    /// <see cref="PasswordFormat.Identity"/> is for an application whose tables are read by others that use ASP.NET Core Identity alone.
    /// </summary>
    public PasswordFormat Format { get; set; }

    /// <summary>
    /// PBKDF2 iterations of new hashes under <see cref="PasswordFormat.Identity"/>; a stored hash of fewer is replaced at the next login. Range 10,000 to
    /// 10,000,000, default 100,000 (.NET 10's; OWASP's password storage advice asks for 210,000). With Countersign's services the default is <c>PasswordHasherOptions.IterationCount</c>.
    /// </summary>
    public int IdentityIterations { get; set; } = 100_000;

    /// <summary>
    /// bcrypt cost factor of new hashes: 2^cost rounds. Range 10 to 16, default 12 (the specification's; about a fifth of a second on a core of 2024).
    /// OWASP's password storage advice asks for at least 10. Under <see cref="PasswordFormat.Identity"/> no hash is written with it, but every refusal takes
    /// at least its work.
    /// </summary>
    public int Cost { get; set; } = 12;

    /// <summary>
    /// Highest bcrypt cost that a stored hash may name, so that data cannot set the bill. A hash above it fails, after no more work than a wrong password takes.
    /// Range <see cref="Cost"/> to 20, default 16.
    /// </summary>
    public int MaxStoredCost { get; set; } = 16;

    /// <summary>
    /// Worker threads, each of which computes up to four hashes side by side. Range 0 to 256; 0, the default, means one a core. Beside each sleeps another thread,
    /// for the hashes of other schemes.
    /// </summary>
    public int Workers { get; set; }

    /// <summary>
    /// How long the work that waits may take, by the engine's own estimate, all workers together. Above zero, at most one minute, default 2 s.
    /// One piece of work may always wait, however long it takes; what finds a free lane does not wait.
    /// </summary>
    public TimeSpan QueueLimit { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Work that has waited longer than this leaves the queue as refused. Above zero, at most one minute, default 5 s.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Share of <see cref="QueueLimit"/> that one network may fill. Above 0, at most 1, default 0.25. One piece of work a network may always wait.
    /// </summary>
    public double NetworkShare { get; set; } = 0.25;

    /// <summary>Pieces of work, waiting or running, of one account. Range 1 to 100, default 2.</summary>
    public int PerAccount { get; set; } = 2;

    /// <summary>
    /// Schemes that are read besides the built-in formats, asked in this order; a right password of one is hashed again as <see cref="Format"/> says. Empty
    /// by default. In an application with Countersign's services: <c>services.Configure&lt;PasswordEngineOptions&gt;(options =&gt; options.ForeignSchemes.Add(new Argon2idScheme()))</c>.
    /// </summary>
    public IList<IForeignPasswordScheme> ForeignSchemes { get; } = [];

    /// <summary>What Identity's version 3 had from the first.</summary>
    private const int LowestIdentityIterations = 10_000;

    /// <summary>The door for tests: lowest <see cref="Cost"/> that the engine takes. Never below 4, bcrypt's own floor.</summary>
    internal int LowestCost { get; set; } = PasswordHasher.LowestCost;

    /// <summary>The door for tests: digests that one worker computes side by side, 1 to 4.</summary>
    internal int LanesPerWorker { get; set; } = BcryptLanes.MaxWidth;

    /// <summary>Throws for the first setting that is outside its range.</summary>
    internal void Validate()
    {
        Require(Enum.IsDefined(Format), nameof(Format), $"{nameof(PasswordFormat.Bcrypt)} or {nameof(PasswordFormat.Identity)}");
        Require(
            Format != PasswordFormat.Identity || IdentityIterations is >= LowestIdentityIterations and <= Pbkdf2Hash.MaxIterations,
            nameof(IdentityIterations),
            "10,000 to 10,000,000");
        Require(Cost is >= 4 and <= PasswordHasher.HighestCost && Cost >= LowestCost, nameof(Cost), $"{LowestCost} to {PasswordHasher.HighestCost}");
        Require(MaxStoredCost >= Cost && MaxStoredCost <= 20, nameof(MaxStoredCost), $"{nameof(Cost)} to 20");
        Require(Workers is >= 0 and <= 256, nameof(Workers), "0 to 256");
        Require(QueueLimit > TimeSpan.Zero && QueueLimit <= TimeSpan.FromMinutes(1), nameof(QueueLimit), "above zero, at most one minute");
        Require(Deadline > TimeSpan.Zero && Deadline <= TimeSpan.FromMinutes(1), nameof(Deadline), "above zero, at most one minute");
        Require(NetworkShare is > 0 and <= 1, nameof(NetworkShare), "above 0, at most 1");
        Require(PerAccount is >= 1 and <= 100, nameof(PerAccount), "1 to 100");
        Require(!ForeignSchemes.Contains(null!), nameof(ForeignSchemes), "no null");
    }

    private static void Require(bool holds, string option, string range) => OptionRange.Require(holds, nameof(PasswordEngineOptions), option, range);
}
