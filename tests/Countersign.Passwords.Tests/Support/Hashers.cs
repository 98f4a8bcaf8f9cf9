using System.Security.Cryptography;

namespace Countersign.Passwords.Tests.Support;

internal static class Hashers
{
    /// <summary>A hasher at a cost that tests can afford.</summary>
    public static PasswordHasher Cheap(int cost = 4, params IPasswordHashFormat[] schemes) => new(cost, lowestCost: 4, new PasswordMetrics(), schemes);

    /// <summary>A hash as Django writes it, of one iteration.</summary>
    public static string Django(string password) =>
        $"pbkdf2_sha256$1$salt${Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2(password, "salt"u8, 1, HashAlgorithmName.SHA256, 32))}";
}
