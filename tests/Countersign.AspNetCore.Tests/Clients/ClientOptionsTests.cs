using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using App = Countersign.AspNetCore.Tests.Support.TestApp<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests.Clients;

public sealed class ClientOptionsTests
{
    /// <summary>What one setting of a sound client is changed to, and what the fault that stops the host names.</summary>
    public static TheoryData<string, string?, string> Faults => new()
    {
        { "Auth:Clients:0:Id", null, "Auth:Clients:0:Id is missing" },
        { "Auth:Clients:0:Id", "", "Auth:Clients:0:Id is not the id of a client" },
        { "Auth:Clients:0:Id", "a:b", "Auth:Clients:0:Id is not the id of a client" },
        { "Auth:Clients:0:Id", "countersign", "Auth:Clients:0:Id is \"countersign\", which is the public client's" },
        { "Auth:ClientId", "api", "Auth:Clients:0:Id is \"api\", which is the public client's" },
        { "Auth:Clients:0:SecretHash", "hunter2", "Auth:Clients:0:SecretHash is not the SHA-256" },
        {
            "Auth:Clients:0:PreviousSecretHash",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "Auth:Clients:0:PreviousSecretHash is the same as Auth:Clients:0:SecretHash"
        },
        { "Auth:Clients:0:Audiences:0", null, "Auth:Clients:0:Audiences:0 is missing" },
        { "Auth:Clients:0:Audiences:1", " ", "Auth:Clients:0:Audiences:1 is blank" },
        { "Auth:Clients:1:Id", "api", "Auth:Clients:1:Id is \"api\", and so is Auth:Clients:0:Id" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task AddCountersign_ClientConfiguredWrongly_StopsTheHostAndNamesIt(string key, string? value, string named)
    {
        var settings = Sound();
        settings[key] = value;
        if (value is null)
        {
            settings.Remove(key);
        }

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => App.StartAsync(settings: settings));

        Assert.Contains(named, exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddCountersign_Twice_BindsEachClientOnce()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(Sound()).Build());
        services.AddCountersign<AppUser>();
        services.AddCountersign<AppUser>();
        using var provider = services.BuildServiceProvider();

        var client = Assert.Single(provider.GetRequiredService<IOptions<ClientOptions>>().Value.Clients);

        Assert.Equal(("api", 1), (client.Id, client.Audiences.Count));
    }

    [Fact]
    public void Check_TokenOptionsFaulty_LeavesTheirFaultsToThem()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(Sound())
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("Auth:Issuer", "nonsense")])
            .Build());
        services.AddCountersign<AppUser>();
        using var provider = services.BuildServiceProvider();

        Assert.Single(provider.GetRequiredService<IOptions<ClientOptions>>().Value.Clients);
    }

    [Fact]
    public void ToString_Client_GivesNoHashAway() =>
        Assert.Equal(nameof(CountersignClientOptions), new CountersignClientOptions { SecretHash = ClientSecret.Format("x") }.ToString());

    private static Dictionary<string, string?> Sound() => new(StringComparer.Ordinal)
    {
        ["Auth:Clients:0:Id"] = "api",
        ["Auth:Clients:0:SecretHash"] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ["Auth:Clients:0:Audiences:0"] = "https://auth.example.com",
    };
}
