using Countersign.Passwords.Formats;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords;

/// <summary>
/// Settings of a <see cref="PasswordEngine"/>. The engine's constructor reads them once and refuses values outside the ranges below.
/// </summary>
public sealed class PasswordEngineOptions
{
    /// <summary>Name of the configuration section of these settings.</summary>
    public const string SectionName = "Auth:Passwords";

    /// <summary>
    /// The format of new hashes. A hash of the other format is replaced at the next login with the right password. Default <see cref="PasswordFormat.Bcrypt"/>.
    /// Use <see cref="PasswordFormat.Identity"/> if other applications with plain ASP.NET Core Identity read the same tables.
    /// </summary>
    public PasswordFormat Format { get; set; }

    /// <summary>
    /// PBKDF2 iterations of new hashes under <see cref="PasswordFormat.Identity"/>. A stored hash with fewer is replaced at the next login. Range 10,000 to
    /// 10,000,000, default 100,000 (as in .NET 10; OWASP's password storage advice asks for 210,000). With Countersign's services the default is
    /// <c>PasswordHasherOptions.IterationCount</c>.
    /// </summary>
    public int IdentityIterations { get; set; } = 100_000;

    /// <summary>
    /// bcrypt cost factor of new hashes: 2^cost rounds. Range 10 to 16, default 12, which takes about a fifth of a second on a core of 2024. OWASP's password
    /// storage advice asks for at least 10. Under <see cref="PasswordFormat.Identity"/> no hash is written with it, but every failure takes at least its work.
    /// </summary>
    public int Cost { get; set; } = 12;

    /// <summary>
    /// Highest bcrypt cost of a stored hash, so that stored data cannot cause unlimited work. A hash above it fails, after no more work than a wrong password
    /// takes. Range <see cref="Cost"/> to 20, default 16.
    /// </summary>
    public int MaxStoredCost { get; set; } = 16;

    /// <summary>
    /// Worker threads. Each computes up to four hashes side by side. Range 0 to 256. The default 0 means one for each core. Each worker has a second thread,
    /// which sleeps until there is a hash of another scheme.
    /// </summary>
    public int Workers { get; set; }

    /// <summary>
    /// How long all waiting work may take, by the engine's own estimate and with all workers. Range 1 ms to 1 minute, default 2 s. One item may always wait,
    /// even if it takes longer. Work that finds a free lane does not wait.
    /// </summary>
    public TimeSpan QueueLimit { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait. Work that waits longer is refused. Range 1 ms to 1 minute, default 5 s.</summary>
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Share of <see cref="QueueLimit"/> that one network may fill. Range 0.01 to 1, default 0.25. One item of each network may always wait.
    /// </summary>
    public double MaxNetworkShare { get; set; } = 0.25;

    /// <summary>Most items of one account, waiting or running. Range 1 to 100, default 2.</summary>
    public int MaxPerAccount { get; set; } = 2;

    /// <summary>
    /// Further schemes that can be read besides the built-in formats, asked in this order. After a right password its hash is replaced, as <see cref="Format"/>
    /// says. Empty by default. In an application with Countersign's services: <c>services.Configure&lt;PasswordEngineOptions&gt;(options =&gt;
    /// options.AdditionalFormats.Add(new Argon2idFormat()))</c>.
    /// </summary>
    public IList<IPasswordHashFormat> AdditionalFormats { get; } = [];

    /// <summary>The iterations of the first release of Identity's version 3.</summary>
    private const int LowestIdentityIterations = 10_000;
    private const int HighestStoredCost = 20;

    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(1);

    /// <summary>For tests: the lowest <see cref="Cost"/> that the engine accepts. Never below 4, the minimum of bcrypt.</summary>
    internal int LowestCost { get; set; } = PasswordHasher.LowestCost;

    /// <summary>For tests: the number of digests that one worker computes side by side, 1 to 4.</summary>
    internal int LanesPerWorker { get; set; } = BcryptLanes.MaxWidth;

    /// <summary>Finds all faults.</summary>
    internal OptionCheck Check()
    {
        var check = new OptionCheck();
        if (!Enum.IsDefined(Format))
        {
            check.Add(nameof(Format), "is not one of its values", $"Write {nameof(PasswordFormat.Bcrypt)} or {nameof(PasswordFormat.Identity)}.");
        }

        // If no hash is written with them, an app may have set Identity's iterations to any value.
        if (Format == PasswordFormat.Identity)
        {
            check.Range(nameof(IdentityIterations), IdentityIterations, LowestIdentityIterations, Pbkdf2Hash.MaxIterations, "a whole number");
        }

        check.Range(nameof(Cost), Cost, Math.Max(LowestCost, Bcrypt.LowestCost), PasswordHasher.HighestCost, "a whole number");
        check.Range(nameof(MaxStoredCost), MaxStoredCost, LowestCost, HighestStoredCost, "a whole number");
        if (check.Faults.Count == 0 && MaxStoredCost < Cost)
        {
            check.Add(
                nameof(MaxStoredCost),
                $"is {MaxStoredCost}, below the cost of new hashes ({Cost})",
                $"Raise it to at least {SectionName}:{nameof(Cost)}, or lower that.");
        }

        check.Range(nameof(Workers), Workers, 0, 256, "a whole number");
        check.Range(nameof(QueueLimit), QueueLimit, LeastTime, MostTime, "[d.]hh:mm:ss,");
        check.Range(nameof(QueueTimeout), QueueTimeout, LeastTime, MostTime, "[d.]hh:mm:ss,");
        check.Range(nameof(MaxNetworkShare), MaxNetworkShare, 0.01, 1, "a number");
        check.Range(nameof(MaxPerAccount), MaxPerAccount, 1, 100, "a whole number");
        if (AdditionalFormats.Contains(null!))
        {
            check.Add(nameof(AdditionalFormats), "holds null", "Remove it.");
        }

        return check;
    }
}
