using System.Globalization;
using System.Security.Cryptography;
using Countersign.AspNetCore;
using Countersign.Bearer;
using Countersign.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Sets up an app with Countersign for tests, in <c>ConfigureWebHost</c> of a <c>WebApplicationFactory</c>.</summary>
public static class CountersignTestingWebHostBuilderExtensions
{
    /// <summary>The largest number that each limit for a network allows. All tests come from one address.</summary>
    private const int NoLimit = 100_000;

    /// <summary>
    /// Gives the app what it has in production from its operator: a random master key, in memory, and the issuer <c>http://localhost</c>. Passwords cost the
    /// least that is allowed (bcrypt cost 10), and the limits for a network are out of the way. If the app sends mail, a <see cref="TestMailbox"/> takes it.
    /// Everything else stays as in production.
    /// </summary>
    /// <param name="builder">The builder of the app under test.</param>
    /// <param name="configure">Tells the clock, or makes tables; null for neither.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="InvalidOperationException">When the host is built: its environment is Production.</exception>
    public static IWebHostBuilder UseCountersignTesting(this IWebHostBuilder builder, Action<CountersignTestingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new CountersignTestingOptions();
        configure?.Invoke(options);
        builder.UseSetting("Auth:MasterKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))
            .UseSetting("Auth:Issuer", "http://localhost")
            .UseSetting("Auth:Passwords:Cost", "10");
        foreach (var limit in (string[])["SignIns", "Registrations", "Refreshes", "Mails"])
        {
            builder.UseSetting($"Auth:Limits:{limit}PerNetworkPerMinute", NoLimit.ToString(CultureInfo.InvariantCulture));
        }

        builder.ConfigureServices(static (context, _) => ThrowIfProduction(context.HostingEnvironment));
        return builder.ConfigureTestServices(services =>
        {
            // A key of the developer's machine has no part in a test.
            services.PostConfigure<CountersignOptions>(static countersign => countersign.PreviousMasterKey = null);

            // An app without mail stays one.
            if (services.Any(static service => service.ServiceType == typeof(IAccountMail)))
            {
                services.RemoveAll<IAccountMail>();
                services.AddSingleton<IAccountMail>(options.Mailbox);
                services.AddSingleton(options.Mailbox);
            }

            if (options.Time is { } time)
            {
                services.Replace(ServiceDescriptor.Singleton(time));
            }

            // Before Countersign's check of the tables, and before the app's own services, which may seed.
            foreach (var context in options.Contexts.Reverse())
            {
                services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(provider => new TableCreation(provider, context)));
            }
        });
    }

    private static void ThrowIfProduction(IWebHostEnvironment environment)
    {
        if (environment.IsProduction())
        {
            throw new InvalidOperationException(
                "UseCountersignTesting lifts limits, and makes passwords cheap. It is for tests: call UseEnvironment(\"Testing\"), or remove the call.");
        }
    }

    /// <summary>Lets a service that only accepts tokens (<c>AddCountersignBearer</c>) take its keys from an issuer of the test.</summary>
    /// <param name="builder">The builder of the service under test.</param>
    /// <param name="issuer">The issuer.</param>
    /// <param name="authenticationScheme">The scheme whose authority is replaced.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IWebHostBuilder UseTestIssuer(
        this IWebHostBuilder builder, TestIssuer issuer, string authenticationScheme = CountersignBearerDefaults.AuthenticationScheme)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(issuer);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);
        return builder.ConfigureTestServices(services => services.Configure<CountersignBearerOptions>(authenticationScheme, options =>
        {
            options.Authority = issuer.Issuer;
            options.Audience = issuer.Audience;
            (options.MetadataAddress, options.JwksUri) = (null, null);
            options.BackchannelHttpHandler = issuer.Handler;
        }));
    }
}
