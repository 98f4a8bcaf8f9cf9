using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Bearer.Tests.Authority;

/// <summary>What stops the start, and how a scheme is set up.</summary>
public sealed class CountersignBearerOptionsTests
{
    private const string Authority = "https://auth.example.com";

    public static TheoryData<string, Action<CountersignBearerOptions>> Faults => new()
    {
        { "Authority is missing", static options => options.Authority = null },
        { "Authority is not an absolute", static options => options.Authority = "" },
        { "Authority is not an absolute", static options => options.Authority = "auth.example.com" },
        { "Authority is not an absolute", static options => options.Authority = "/auth" },
        { "Authority is not an absolute", static options => options.Authority = "ftp://auth.example.com" },
        { "Authority is not an absolute", static options => options.Authority = "https://auth.example.com?tenant=1" },
        { "Authority is not an absolute", static options => options.Authority = "https://auth.example.com#here" },
        { "Authority is not an absolute", static options => options.Authority = "https://user:word@auth.example.com" },
        { "Authority is not an absolute", static options => options.Authority = " https://auth.example.com" },
        { "Authority is plain http", static options => options.Authority = "http://auth.example.com" },
        { "Audience is blank", static options => options.Audience = " " },
        { "MetadataAddress is not an absolute", static options => options.MetadataAddress = "metadata" },
        { "MetadataAddress is plain http", static options => options.MetadataAddress = "http://auth.example.com/metadata" },
        { "JwksUri is not an absolute", static options => options.JwksUri = "file:///keys" },
        { "JwksUri is plain http", static options => options.JwksUri = "http://auth.example.com/keys" },
        { "MetadataAddress is set beside", static options => (options.JwksUri, options.MetadataAddress) = (Authority + "/keys", Authority + "/metadata") },
        { "MinCacheAge is", static options => options.MinCacheAge = TimeSpan.FromSeconds(9) },
        { "MinCacheAge is", static options => (options.MinCacheAge, options.MaxCacheAge) = (TimeSpan.FromHours(2), TimeSpan.FromHours(2)) },
        { "MaxCacheAge is", static options => options.MaxCacheAge = TimeSpan.FromSeconds(59) },
        { "MaxCacheAge is", static options => (options.MaxCacheAge, options.MaxKeyAge) = (TimeSpan.FromHours(25), TimeSpan.FromHours(25)) },
        { "MaxKeyAge is", static options => options.MaxKeyAge = TimeSpan.FromMinutes(59) },
        { "MaxKeyAge is", static options => options.MaxKeyAge = TimeSpan.FromDays(8) },
        { "BackchannelTimeout is", static options => options.BackchannelTimeout = TimeSpan.Zero },
        { "BackchannelTimeout is", static options => options.BackchannelTimeout = Timeout.InfiniteTimeSpan },
        { "BackchannelTimeout is", static options => options.BackchannelTimeout = TimeSpan.FromMinutes(2) },
        { "VerifiedTokenEntries is", static options => options.VerifiedTokenEntries = -1 },
        { "VerifiedTokenBytes is", static options => options.VerifiedTokenBytes = 1 },
        { "QueryTokenPaths has \"\"", static options => options.QueryTokenPaths.Add("") },
        { "QueryTokenPaths has \"/\"", static options => options.QueryTokenPaths.Add("/") },
        { "QueryTokenPaths has \"hub\"", static options => options.QueryTokenPaths.Add("hub") },
        { "QueryTokenPaths has \"/hub/\"", static options => options.QueryTokenPaths.Add("/hub/") },
        { "QueryTokenPaths has \"/{hub}\"", static options => options.QueryTokenPaths.Add("/{hub}") },
    };

    public static TheoryData<Action<CountersignBearerOptions>> Allowed => new(
        static options => options.Authority = "http://127.0.0.1:1",
        static options => options.Authority = "http://[::1]:1",
        static options => options.Authority = "http://localhost:1",
        static options => options.Authority = "https://127.0.0.1:1/tenant/",
        static options => (options.Authority, options.JwksUri) = (Authority, "http://localhost:1/keys?version=1"),
        static options => (options.Authority, options.MaxCacheAge, options.MaxKeyAge) =
            ("https://127.0.0.1:1", TimeSpan.FromHours(24), TimeSpan.FromHours(24)));

    [Fact]
    public async Task QueryTokenPaths_InTheConfiguration_AreRead()
    {
        await using var app = await StartAsync(
            static services => services.AddCountersignBearer(static options => options.Authority = "https://127.0.0.1:1"),
            settings: new() { ["Authentication:Schemes:Countersign:QueryTokenPaths:0"] = "/hubs/chat" });

        Assert.Equal(["/hubs/chat"], app.Services.GetRequiredKeyedService<BearerSettings>("Countersign").QueryTokenPaths);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Start_Fault_StopsItAndSaysHowToMendIt(string fault, Action<CountersignBearerOptions> configure)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(services => services.AddCountersignBearer(options =>
        {
            options.Authority = Authority;
            configure(options);
        })));

        Assert.StartsWith($"Authentication:Schemes:Countersign:{fault}", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task Start_WithinTheRules_Starts(Action<CountersignBearerOptions> configure)
    {
        await using var app = await StartAsync(services => services.AddCountersignBearer(configure));
    }

    [Fact]
    public async Task Start_PlainHttpInDevelopment_Starts()
    {
        await using var app = await StartAsync(
            static services => services.AddCountersignBearer(static options => options.Authority = "http://auth.invalid"), Environments.Development);
    }

    [Fact]
    public async Task Start_ManyFaults_NamesThemAllAtOnce()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(static services => services
            .AddCountersignBearer(static options => (options.Audience, options.VerifiedTokenEntries) = ("", -1))
            .AddCountersignBearer("Partner", static options => options.Authority = "partner")));

        var faults = Assert.IsType<AggregateException>(exception).InnerExceptions
            .Cast<OptionsValidationException>()
            .SelectMany(static inner => inner.Failures)
            .ToList();
        Assert.Equal(4, faults.Count);
        Assert.Equal(3, faults.Count(static fault => fault.StartsWith("Authentication:Schemes:Countersign:", StringComparison.Ordinal)));
        Assert.Single(faults, static fault => fault.StartsWith("Authentication:Schemes:Partner:Authority", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Configuration_OfTheScheme_IsBound_AndTheDelegateWins()
    {
        await using var app = await StartAsync(
            static services => services.AddCountersignBearer("Partner", static options => options.Audience = "https://api.example.com"),
            settings: new()
            {
                ["Authentication:Schemes:Partner:Authority"] = "https://127.0.0.1:1",
                ["Authentication:Schemes:Partner:Audience"] = "https://overruled.example.com",
                ["Authentication:Schemes:Partner:MaxKeyAge"] = "02:00:00",
            });

        var options = app.Services.GetRequiredService<IOptionsMonitor<CountersignBearerOptions>>().Get("Partner");

        Assert.Equal(("https://127.0.0.1:1", "https://api.example.com", TimeSpan.FromHours(2)), (options.Authority, options.Audience, options.MaxKeyAge));
    }

    [Fact]
    public void AddCountersignBearer_SchemeTwice_IsRefused()
    {
        var services = new ServiceCollection().AddCountersignBearer("Partner", static _ => { });

        var exception = Assert.Throws<InvalidOperationException>(() => services.AddCountersignBearer("Partner", static _ => { }));
        Assert.Contains("another name", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>An authority in the place of the app's own validator could name any of the app's accounts.</summary>
    [Fact]
    public void AddCountersignBearer_AuthorityWhereTheAppsOwnTokensAre_IsRefused_InEitherOrder()
    {
        Assert.Throws<InvalidOperationException>(static () => new ServiceCollection().AddLocalCountersignBearer().AddCountersignBearer(static _ => { }));
        Assert.Throws<InvalidOperationException>(static () => new ServiceCollection().AddCountersignBearer(static _ => { }).AddLocalCountersignBearer());
    }

    [Theory]
    [InlineData(new[] { "Countersign" }, "Countersign")]
    [InlineData(new[] { "Countersign", "Partner" }, "Countersign")]
    [InlineData(new[] { "Partner", "Countersign" }, "Countersign")]
    [InlineData(new[] { "Partner" }, "Partner")]
    [InlineData(new[] { "Partner", "Other" }, null)]
    public async Task AddCountersignBearer_SeveralSchemes_TheOneOfTheDefaultNameIsTheDefault(string[] schemes, string? expected)
    {
        await using var app = await StartAsync(services =>
        {
            foreach (var scheme in schemes)
            {
                services.AddCountersignBearer(scheme, static options => options.Authority = "https://127.0.0.1:1");
            }
        });

        Assert.Equal(expected, (await app.Services.GetRequiredService<IAuthenticationSchemeProvider>().GetDefaultAuthenticateSchemeAsync())?.Name);
    }

    [Fact]
    public async Task AddCountersignBearer_AuthorityAlone_RegistersNoDataProtection()
    {
        await using var app = await StartAsync(static services => services.AddCountersignBearer(static options => options.Authority = "https://127.0.0.1:1"));

        Assert.Null(app.Services.GetService(typeof(Microsoft.AspNetCore.DataProtection.IDataProtectionProvider)));
    }

    private static async Task<WebApplication> StartAsync(
        Action<IServiceCollection> configure, string? environment = null, Dictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment ?? Environments.Production });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider());
        configure(builder.Services);
        var app = builder.Build();
        await app.StartAsync();
        return app;
    }
}
