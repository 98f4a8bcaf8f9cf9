namespace Countersign.Passwords.Tests.Support;

internal static class Hashers
{
    /// <summary>A hasher at a cost that tests can afford.</summary>
    public static PasswordHasher Cheap(int cost = 4) => new(cost, lowestCost: 4, new PasswordMetrics());
}
