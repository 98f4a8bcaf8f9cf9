namespace Countersign.Passwords.Argon2.Tests.Support;

/// <summary>Hashes of the password "password" under the salt "somesalt", from the reference implementation's own test.</summary>
internal static class Stored
{
    public const string Password = "password";

    /// <summary>A quarter of a mebibyte, twice: a few milliseconds.</summary>
    public const string Cheap = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    /// <summary>The same in two lanes.</summary>
    public const string TwoLanes = "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc";

    /// <summary>Well-formed, with these parameters; what it is the hash of nobody knows.</summary>
    public static string With(string parameters) => $"$argon2id$v=19${parameters}$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
}
