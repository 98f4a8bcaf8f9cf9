using System.Globalization;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Tests.Keys;

/// <summary>What is planned over a table that no test of a store would fill.</summary>
public sealed class KeyPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("ES256", 260)]
    [InlineData("ES512", 180)]
    [InlineData("RS256", 120)]
    [InlineData("PS512", 90)]
    public void Rotate_AsOftenAsAsked_PublishesNoMoreThanReadersTake(string name, int atLeast)
    {
        var algorithm = SignatureAlgorithm.Find(name)!;
        List<StoredKey> rows = [Row(algorithm, KeyUse.AccessToken, KeyState.Current), Row(algorithm, KeyUse.AccessToken, KeyState.Next)];
        rows.AddRange(Enumerable.Range(0, 1000).Select(i => Retired(rows[0], i)));
        var count = atLeast;
        while (Rotate(rows.Take(count), KeyUse.AccessToken, algorithm).Result.Succeeded)
        {
            count++;
        }

        var (refused, changes) = Rotate(rows.Take(count), KeyUse.AccessToken, algorithm);
        Assert.Equal((KeyChangeError.TooManyPublished, rows[0].KeyId), (refused.Error, refused.SigningKeyId));
        Assert.True(changes.IsEmpty);
        Assert.True(count > atLeast, $"{count} keys were already too many.");
        Assert.True(JsonWebKeySet.TryRead(JsonWebKeySet.Write(rows.Take(count).Select(Verifier)), out var read, out var fault), fault);
        Assert.Equal(count, read.Verification.Count);
    }

    [Fact]
    public void Rotate_ManyKeysThatAreNotPublished_CountForNothing()
    {
        var algorithm = SignatureAlgorithm.ES256;
        List<StoredKey> rows =
        [
            Row(algorithm, KeyUse.AccessToken, KeyState.Current), Row(algorithm, KeyUse.AccessToken, KeyState.Next),
            Row(SignatureAlgorithm.HS256, KeyUse.RefreshToken, KeyState.Current), Row(SignatureAlgorithm.HS256, KeyUse.RefreshToken, KeyState.Next),
        ];
        rows.AddRange(Enumerable.Range(0, 1000).Select(i => Retired(rows[2], i)));
        rows.AddRange(Enumerable.Range(1000, 1000).Select(i => Retired(rows[0], i).In(KeyState.Revoked, Now, Now.AddHours(1))));
        rows.AddRange(Enumerable.Range(2000, 1000).Select(i => Retired(rows[0], i).In(KeyState.Retired, Now, Now)));

        Assert.True(Rotate(rows, KeyUse.AccessToken, algorithm).Result.Succeeded);
        Assert.True(Rotate(rows, KeyUse.RefreshToken, algorithm).Result.Succeeded);
    }

    private static (KeyChangeResult Result, KeyChanges Changes) Rotate(IEnumerable<StoredKey> rows, KeyUse use, SignatureAlgorithm algorithm)
    {
        var settings = new KeySettings
        {
            Algorithm = algorithm,
            RotationPeriod = TimeSpan.FromDays(90),
            PublicationLead = TimeSpan.FromHours(25),
            AbsoluteLifetime = TimeSpan.FromDays(30),
        };
        var plan = new KeyPlan([.. rows], static _ => true, Wrapper(), settings, Now);
        var changes = plan.Rotate(use, force: true, out var result);
        return (result, changes);
    }

    private static StoredKey Row(SignatureAlgorithm algorithm, KeyUse use, KeyState state)
    {
        using var key = SigningKey.Create(algorithm);
        return Wrapper().Encrypt(key, use, state, Now);
    }

    private static StoredKey Retired(StoredKey key, int number) => new()
    {
        KeyId = number.ToString("d43", CultureInfo.InvariantCulture),
        Use = key.Use,
        Algorithm = key.Algorithm,
        State = KeyState.Retired,
        PublicKey = key.PublicKey,
        WrappedKey = key.WrappedKey,
        CreatedAt = Now,
        ActivatedAt = Now,
        RetiresAt = Now.AddHours(1),
    };

    private static VerificationKey Verifier(StoredKey row) =>
        VerificationKey.FromSubjectPublicKeyInfo(row.PublicKey!.Value.Span, SignatureAlgorithm.Find(row.Algorithm)!, row.KeyId);

    private static KeyWrapper Wrapper() => KeyWrapper.From(new KeyOptions { MasterKey = MasterKey.Create() });
}
