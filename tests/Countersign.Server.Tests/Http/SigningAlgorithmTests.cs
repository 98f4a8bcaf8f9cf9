using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Countersign.Server.Tests.Http;

/// <summary>A server whose keys are of another algorithm than the default: what it signs verifies with what it publishes, also after a restart.</summary>
public sealed class SigningAlgorithmTests
{
    [Theory]
    [InlineData("RS256", "RSA")]
    [InlineData("PS256", "RSA")]
    [InlineData("ES384", "EC")]
    public async Task Algorithm_OfTheServersOwnKeys_SignsPublishesAndOutlivesARestart(string algorithm, string keyType)
    {
        using var directory = new TemporaryDirectory();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ALGORITHM"] = algorithm, ["Auth__Passwords__Cost"] = "10" };
        string accessToken;
        await using (var server = await ServerProcess.StartAsync(directory.Path, environment))
        {
            using var client = new ApiClient(server.Address);
            await client.RegisterAsync();
            await client.LogInAsync();
            accessToken = client.AccessToken;

            Assert.Equal(client.Email, (await client.MeAsync()).Text("email"));
            client.Keep(await client.RefreshAsync());
            Assert.Equal(200, (await client.MeAsync()).Status);
            await AssertVerifiesWithPublishedKeyAsync(client, accessToken, algorithm, keyType);
            var metadata = await client.GetAsync("/.well-known/openid-configuration");
            Assert.Equal([algorithm], metadata.Body.GetProperty("id_token_signing_alg_values_supported").EnumerateArray().Select(name => name.GetString()));
        }

        // The issuer is the bound address, and the port is another one: only the signature can be looked at.
        await using var restarted = await ServerProcess.StartAsync(directory.Path, environment);
        using var again = new ApiClient(restarted.Address);
        await AssertVerifiesWithPublishedKeyAsync(again, accessToken, algorithm, keyType);
    }

    /// <summary>A setting that is changed over a database with keys: every session and every token that is out stays good.</summary>
    [Fact]
    public async Task Algorithm_ChangedOverADatabaseWithKeys_KeysThatExistKeepTheirs()
    {
        using var directory = new TemporaryDirectory();
        Dictionary<string, string> Environment(string algorithm) => new(StringComparer.Ordinal)
        {
            ["ALGORITHM"] = algorithm, ["Auth__Issuer"] = "https://auth.example", ["Auth__Passwords__Cost"] = "10",
        };
        string refreshToken, accessToken;
        await using (var server = await ServerProcess.StartAsync(directory.Path, Environment("ES256")))
        {
            using var client = new ApiClient(server.Address);
            await client.RegisterAsync();
            await client.LogInAsync();
            (accessToken, refreshToken) = (client.AccessToken, client.RefreshToken);
        }

        await using var changed = await ServerProcess.StartAsync(directory.Path, Environment("RS256"));
        using var again = new ApiClient(changed.Address);

        Assert.Equal(200, (await again.MeAsync(accessToken)).Status);
        again.Keep(await again.RefreshAsync(refreshToken));
        Assert.Equal(200, (await again.MeAsync()).Status);
        Assert.Equal(
            "ES256", JsonElement.Parse(Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(again.AccessToken.Split('.')[0]))).GetProperty("alg").GetString());
        var keys = (await again.GetAsync("/.well-known/jwks.json")).Body.GetProperty("keys").EnumerateArray();
        Assert.Equal(["ES256", "ES256"], keys.Select(key => key.GetProperty("alg").GetString()));
    }

    private static async Task AssertVerifiesWithPublishedKeyAsync(ApiClient client, string token, string algorithm, string keyType)
    {
        var parts = token.Split('.');
        var header = JsonElement.Parse(Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(parts[0])));
        Assert.Equal(algorithm, header.GetProperty("alg").GetString());
        var keys = (await client.GetAsync("/.well-known/jwks.json")).Body.GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(2, keys.Count);
        var key = keys.Single(jwk => jwk.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
        Assert.Equal(keyType, key.GetProperty("kty").GetString());
        Assert.Equal(algorithm, key.GetProperty("alg").GetString());
        Assert.True(Verifies(key, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(parts[2]))));
    }

    /// <summary>With the base library alone, as another service would.</summary>
    private static bool Verifies(JsonElement key, byte[] input, byte[] signature)
    {
        byte[] Member(string name) => Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(key.GetProperty(name).GetString()!));
        if (key.GetProperty("kty").GetString() == "RSA")
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Member("n"), Exponent = Member("e") });
            var padding = key.GetProperty("alg").GetString() == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
            return rsa.VerifyData(input, signature, HashAlgorithmName.SHA256, padding);
        }

        using var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP384, Q = new ECPoint { X = Member("x"), Y = Member("y") } });
        return ecdsa.VerifyData(input, signature, HashAlgorithmName.SHA384);
    }
}
