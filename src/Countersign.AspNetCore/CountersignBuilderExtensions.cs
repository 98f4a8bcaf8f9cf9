using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer;
using Countersign.Sessions;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Settings for an app that runs beside a service whose access tokens belong to no session.</summary>
public static class CountersignBuilderExtensions
{
    /// <summary>
    /// Accepts access tokens without the claim <c>sid</c>, which the original specification issues. Logout can't end such a token before it expires. Instead,
    /// each request checks with a query that the account exists and is active.
    /// </summary>
    /// <param name="builder">The builder that <c>AddCountersign</c> returned.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static CountersignBuilder UnsafeAcceptSessionlessTokens(this CountersignBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<AccessTokenFilter>(
            static provider => provider.GetRequiredService<SessionFilter>().AskAccountAsync));
        return builder;
    }
}
