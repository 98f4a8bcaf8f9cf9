using System.Diagnostics.CodeAnalysis;
using Countersign.AspNetCore;
using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer;
using Countersign.Sessions;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Further settings of <c>AddCountersign</c>.</summary>
public static class CountersignBuilderExtensions
{
    /// <summary>Adds the app's own claims to access tokens. It can be called for several classes.</summary>
    /// <typeparam name="TClaims">The class: an <see cref="IAccessTokenClaims{TUser}"/> for the user type of <c>AddCountersign</c>.</typeparam>
    /// <param name="builder">The builder that <c>AddCountersign</c> returned.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException"><typeparamref name="TClaims"/> is for another user type.</exception>
    public static CountersignBuilder AddAccessTokenClaims<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClaims>(this CountersignBuilder builder)
        where TClaims : class => Add(builder, typeof(IAccessTokenClaims<>), typeof(TClaims));

    /// <summary>Adds the app's own part in sign-up, login and deletion. It can be called for several classes.</summary>
    /// <typeparam name="TEvents">The class: an <see cref="IAccountEvents{TUser}"/> for the user type of <c>AddCountersign</c>.</typeparam>
    /// <param name="builder">The builder that <c>AddCountersign</c> returned.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException"><typeparamref name="TEvents"/> is for another user type.</exception>
    public static CountersignBuilder AddAccountEvents<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TEvents>(this CountersignBuilder builder)
        where TEvents : class => Add(builder, typeof(IAccountEvents<>), typeof(TEvents));

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

    private static CountersignBuilder Add(
        CountersignBuilder builder, Type service, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type implementation)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var closed = service.MakeGenericType(builder.UserType);
        if (!implementation.IsAssignableTo(closed))
        {
            throw new ArgumentException(
                $"{implementation.Name} is not an {service.Name.Split('`')[0]}<{builder.UserType.Name}>, the user type of AddCountersign.", nameof(builder));
        }

        builder.Services.TryAddEnumerable(ServiceDescriptor.Scoped(closed, implementation));
        return builder;
    }
}
