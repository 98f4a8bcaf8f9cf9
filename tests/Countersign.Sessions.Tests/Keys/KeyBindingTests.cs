using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Tests.Keys;

public sealed class KeyBindingTests
{
    [Fact]
    public void Write_FieldsThatWouldRunTogether_AreAllDifferent()
    {
        byte[][] bindings =
        [
            KeyBinding.Write("keys", "ab", KeyUse.AccessToken, "ES256", new byte[] { 1 }),
            KeyBinding.Write("keysa", "b", KeyUse.AccessToken, "ES256", new byte[] { 1 }),
            KeyBinding.Write("keys", "a", KeyUse.AccessToken, "bES256", new byte[] { 1 }),
            KeyBinding.Write("keys", "abE", KeyUse.AccessToken, "S256", new byte[] { 1 }),
            KeyBinding.Write("keys", "ab", KeyUse.RefreshToken, "ES256", new byte[] { 1 }),
            KeyBinding.Write("keys", "ab", KeyUse.AccessToken, "ES384", new byte[] { 1 }),
            KeyBinding.Write("keys", "ab", KeyUse.AccessToken, "ES256", new byte[] { 2 }),
            KeyBinding.Write("keys", "ab", KeyUse.AccessToken, "ES256", new byte[] { 1, 0 }),
            KeyBinding.Write("keys", "ab", KeyUse.AccessToken, "ES256", ReadOnlyMemory<byte>.Empty),
            KeyBinding.Write("keys", "ab", KeyUse.AccessToken, "ES256", null),
        ];

        Assert.Equal(bindings.Length, bindings.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Write_EqualFields_AreEqual() =>
        Assert.Equal(KeyBinding.Write("keys", "a", KeyUse.AccessToken, "ES256", null), KeyBinding.Write("keys", "a", KeyUse.AccessToken, "ES256", null));
}
