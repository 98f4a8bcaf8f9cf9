using System.Text;
using Countersign.AspNetCore.Clients;

namespace Countersign.AspNetCore.Tests.Clients;

public sealed class ClientRegistryTests
{
    private static readonly string Secret = ClientSecret.Create();
    private static readonly string Previous = ClientSecret.Create();
    private static readonly string Other = ClientSecret.Create();

    private readonly ClientRegistry _registry = new(Options(("api", Secret, Previous), ("other", Other, null)));

    [Fact]
    public void Find_SecretOrTheOneBeforeIt_IsTheClient()
    {
        Assert.Equal("api", Find("api", Secret)?.Id);
        Assert.Equal("api", Find("api", Previous)?.Id);
        Assert.Equal("other", Find("other", Other)?.Id);
        Assert.Equal(["https://api.example.com"], Find("api", Secret)!.Audiences);
    }

    [Fact]
    public void Find_AnythingElse_IsNobody()
    {
        Assert.Null(Find("api", Other));
        Assert.Null(Find("other", Secret));
        Assert.Null(Find("API", Secret));
        Assert.Null(Find("api ", Secret));
        Assert.Null(Find("nobody", Secret));
        Assert.Null(Find("", Secret));
        Assert.Null(Find("", ""));
        Assert.Null(Find("api", ""));
        Assert.Null(Find("api", ClientSecret.Format(Secret)));
        Assert.Null(new ClientRegistry(new ClientOptions()).Find("api", Encoding.UTF8.GetBytes(Secret)));
    }

    [Fact]
    public void Find_AnyBitOfTheSecretFlipped_IsNobody()
    {
        for (var bit = 0; bit < Secret.Length * 8; bit++)
        {
            var bytes = Encoding.UTF8.GetBytes(Secret);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Null(_registry.Find("api", bytes));
        }
    }

    [Fact]
    public void Create_Secret_Has256BitsAndNoCharacterThatAFormChanges()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => ClientSecret.Create()).ToList();

        Assert.Equal(100, secrets.Distinct(StringComparer.Ordinal).Count());
        Assert.All(secrets, secret => Assert.Equal(43, secret.Length));
        Assert.All(secrets, secret => Assert.Equal(secret, Uri.EscapeDataString(secret)));
        Assert.All(secrets, secret => Assert.False(ClientSecret.TryParseHash(secret, out _)));
        Assert.All(secrets, secret => Assert.True(ClientSecret.TryParseHash(ClientSecret.Format(secret), out _)));
    }

    [Fact]
    public void Format_KnownAnswer_IsSha256InLowerCase() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", ClientSecret.Format("abc"));

    private static ClientOptions Options(params (string Id, string Secret, string? Previous)[] clients)
    {
        var options = new ClientOptions();
        foreach (var (id, secret, previous) in clients)
        {
            options.Clients.Add(new CountersignClientOptions
            {
                Id = id,
                SecretHash = ClientSecret.Format(secret),
                PreviousSecretHash = previous is null ? null : ClientSecret.Format(previous),
                Audiences = { "https://api.example.com" },
            });
        }

        return options;
    }

    private Client? Find(string id, string secret) => _registry.Find(id, Encoding.UTF8.GetBytes(secret));
}
