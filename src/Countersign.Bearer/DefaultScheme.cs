using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Countersign.Bearer;

/// <summary>
/// Decides which scheme authenticates requests where no scheme is named, as under <c>[Authorize]</c>. A default that the app has chosen stays, unless the app
/// asks for ours. Where ours takes the place of another default, requests without one of our tokens are forwarded to the other one.
/// </summary>
internal sealed class DefaultScheme(IServiceProvider services, IEnumerable<BearerRegistration> registrations) : IPostConfigureOptions<AuthenticationOptions>
{
    /// <summary>The scheme that forwards. It exists only where there is another scheme to forward to.</summary>
    public const string Forwarding = CountersignBearerDefaults.AuthenticationScheme + ".Default";

    /// <summary>The platform's own switch against the rule that an only scheme is the default.</summary>
    private const string NoAutomaticDefault = "Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme";

    private volatile DefaultSchemeTargets? _targets;

    /// <summary>The schemes that <see cref="Forwarding"/> chooses among; null if it does not exist.</summary>
    public DefaultSchemeTargets? Targets => _targets;

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The app asked for two schemes as its default.</exception>
    public void PostConfigure(string? name, AuthenticationOptions options)
    {
        var isChosen = (options.DefaultAuthenticateScheme ?? options.DefaultScheme) is not null;
        if (options.DefaultScheme is null && FindOnlyOther(options) is { } only)
        {
            // If there is only one scheme, it is the default (a rule of the platform since .NET 7). This package adds one, so the rule would no longer apply.
            options.DefaultScheme = only;
        }

        var asked = FindAsked();
        var ours = asked ?? CountersignBearerDefaults.AuthenticationScheme;
        if (options.SchemeMap.ContainsKey(ours) && (asked is not null || !isChosen))
        {
            TakeOver(options, ours);
        }
    }

    private static string? FindOnlyOther(AuthenticationOptions options)
    {
        var others = options.Schemes.Where(static scheme => scheme.HandlerType != typeof(BearerHandler)).Take(2).ToList();
        return others is [var only] && !(AppContext.TryGetSwitch(NoAutomaticDefault, out var isOff) && isOff) ? only.Name : null;
    }

    private string? FindAsked()
    {
        var asked = registrations.Select(static registration => registration.Scheme)
            .Where(scheme => services.GetRequiredKeyedService<BearerSettings>(scheme).IsDefault)
            .ToList();
        return asked.Count <= 1 ? asked.FirstOrDefault() : throw new InvalidOperationException(
            $"UseAsDefaultScheme was called for several schemes: {string.Join(", ", asked)}. An app has one default scheme: call it for one of them.");
    }

    /// <summary>Sets the three verbs that a token can answer. The default for signing in and out stays as it was, because a token can do neither.</summary>
    private void TakeOver(AuthenticationOptions options, string ours)
    {
        var authenticate = options.DefaultAuthenticateScheme ?? options.DefaultScheme;
        var challenge = options.DefaultChallengeScheme ?? options.DefaultScheme;
        var forbid = options.DefaultForbidScheme ?? challenge;
        options.DefaultAuthenticateScheme = Choose(authenticate);
        options.DefaultChallengeScheme = Choose(challenge);
        options.DefaultForbidScheme = Choose(forbid);
        if (options.DefaultAuthenticateScheme != Forwarding && options.DefaultChallengeScheme != Forwarding && options.DefaultForbidScheme != Forwarding)
        {
            return;
        }

        _targets = new DefaultSchemeTargets { Ours = ours, Authenticate = authenticate, Challenge = challenge, Forbid = forbid };
        options.AddScheme<DefaultSchemeHandler>(Forwarding, displayName: null);

        string Choose(string? former) => former is null || former == ours ? ours : Forwarding;
    }
}
