using System.Buffers.Text;
using System.Text;
using Countersign.Sessions.Keys;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Tests.Keys;

/// <summary>The refresh keys that a shared secret leads to: the same on every node and in every version, and nothing of them in what is public.</summary>
public sealed class SharedSecretKeysTests
{
    private const string Secret = "pNhNqxKwzY5yKq1dYx2FhR8wVb3sTgLm";
    private const string OtherSecret = "Zk4vWq9sXt2bLm7cRj5nHd8gFy3pTe6u";

    private readonly RefreshKeyRing _ring = new();

    /// <summary>Computed apart, with HMAC-SHA256 alone (RFC 5869 §2). Other values would end every session of every service at its next update.</summary>
    [Fact]
    public async Task Load_Secret_GivesTheKeyThatItAlwaysGave()
    {
        await new SharedSecretKeys(Secret, previousSecret: null, _ring).LoadAsync(CancellationToken.None);

        Assert.Equal("30ae36d184923d6a7daa0f67820b5007fc4ccb47546d52169e486e7c3461c062", Convert.ToHexStringLower(_ring.Current.ExportPrivateKey()));
        Assert.Equal("xfcWkQKRbDP2eOIMQ31mzQ", _ring.Current.KeyId);
        Assert.Same(_ring.Current, _ring.Find(_ring.Current.KeyId!));
        Assert.Equal(_ring.Current.KeyId, Assert.Single(_ring.Verification.Current.Verification).KeyId);
    }

    [Fact]
    public async Task Load_AnySecret_IdGivesNothingOfTheKeyAway()
    {
        await new SharedSecretKeys(Secret, OtherSecret, _ring).LoadAsync(CancellationToken.None);

        foreach (var verification in _ring.Verification.Current.Verification)
        {
            // Two outputs of one derivation under one label would begin with the same bytes, and the id stands in every token.
            var key = _ring.Find(verification.KeyId!)!.ExportPrivateKey();
            Assert.NotEqual(Base64Url.EncodeToString(key.AsSpan(0, 3)), verification.KeyId![..4]);
            Assert.NotEqual(Encoding.UTF8.GetBytes(Secret), key);
        }
    }

    [Fact]
    public async Task Load_PreviousSecret_VerifiesAndDoesNotSign()
    {
        var before = new RefreshKeyRing();
        await new SharedSecretKeys(OtherSecret, previousSecret: null, before).LoadAsync(CancellationToken.None);

        await new SharedSecretKeys(Secret, OtherSecret, _ring).LoadAsync(CancellationToken.None);

        Assert.NotEqual(before.Current.KeyId, _ring.Current.KeyId);
        Assert.Equal(before.Current.ExportPrivateKey(), _ring.Find(before.Current.KeyId!)!.ExportPrivateKey());
        Assert.Equal(2, _ring.Verification.Current.Verification.Count);
    }

    [Fact]
    public void Current_NothingLoaded_IsUnavailable()
    {
        Assert.Throws<SessionsUnavailableException>(() => _ring.Current);
        Assert.Null(_ring.Find("any"));
        Assert.Same(KeySet.Empty, _ring.Verification.Current);
    }
}
