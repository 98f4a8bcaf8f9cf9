using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer;
using Countersign.Sessions;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>For living beside a service whose access tokens belong to no session.</summary>
public static class CountersignBuilderExtensions
{
    /// <summary>
    /// Takes access tokens without the claim <c>sid</c>, as the original specification issues them. Logout can't end such a token before it expires: what is
    /// checked instead, with a query at each request, is that the account is there and active.
    /// </summary>
    /// <param name="builder">What <c>AddCountersign</c> returned.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static CountersignBuilder UnsafeAcceptSessionlessTokens(this CountersignBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<AccessTokenFilter>(
            static provider => provider.GetRequiredService<SessionFilter>().AskAccountAsync));
        return builder;
    }
}
