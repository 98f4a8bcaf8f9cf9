using System.Security.Claims;
using Countersign.Sessions.Accounts;
using Countersign.Tokens;
using Countersign.Tokens.Jose;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Identity;

/// <summary>What access tokens carry of an account besides its id and its roles.</summary>
internal abstract class AccountClaims(CountersignClaimOptions options)
{
    /// <summary>The registered names of OpenID Connect Core §5.1.</summary>
    private const string NameClaim = "name";

    private const string EmailClaim = "email";
    private const string EmailVerifiedClaim = "email_verified";

    /// <summary>Whether the claims need the account as Identity loads it, and not only its row.</summary>
    public abstract bool NeedsUser { get; }

    /// <summary>Whether tokens may depend on the claims of a role.</summary>
    public abstract bool ReadsRoles { get; }

    /// <summary>Makes the claims that come from the account's row.</summary>
    public IDictionary<string, ClaimValue> Read(AccountRow row)
    {
        var claims = new Dictionary<string, ClaimValue>(StringComparer.Ordinal);
        if (options.Name && Clean(row.UserName) is { } name)
        {
            claims.Add(NameClaim, name);
        }

        if (options.Email && Clean(row.Email) is { } email)
        {
            claims.Add(EmailClaim, email);
            claims.Add(EmailVerifiedClaim, row.IsEmailConfirmed);
        }

        return claims;
    }

    /// <summary>Whether the options write a claim of this name from the account's row, also for an account that has no such value.</summary>
    protected bool IsOfTheRow(string name) => name switch
    {
        NameClaim => options.Name,
        EmailClaim or EmailVerifiedClaim => options.Email,
        _ => false,
    };

    /// <summary>A text with a lone surrogate can't be in JSON; it is left out, because the account must still be able to log in.</summary>
    protected static string? Clean(string? text) => text is not null && WellFormedText.Is(text) ? text : null;
}

/// <inheritdoc/>
internal sealed class AccountClaims<TUser>(
    IOptions<CountersignClaimOptions> options, IServiceProviderIsService registered, ILogger<AccountClaims<TUser>> logger) : AccountClaims(options.Value)
    where TUser : class
{
    private readonly CountersignClaimOptions _options = options.Value;
    private readonly bool _isExtended = registered.IsService(typeof(IAccessTokenClaims<TUser>));

    /// <inheritdoc/>
    public override bool NeedsUser => ReadsRoles || _options.UserClaims;

    /// <inheritdoc/>
    /// <remarks>A class of the app, such as a claims factory, may read anything.</remarks>
    public override bool ReadsRoles => _isExtended || _options.RoleClaims || _options.UseClaimsPrincipalFactory;

    /// <summary>Makes all claims of an account.</summary>
    /// <param name="accounts">The scope that has loaded the account.</param>
    /// <param name="user">The account.</param>
    /// <param name="row">Its row, with its roles.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    public async Task<IReadOnlyList<KeyValuePair<string, ClaimValue>>> ReadAsync(
        AccountScope<TUser> accounts, TUser user, AccountRow row, CancellationToken cancellationToken)
    {
        var claims = Read(row);
        if (NeedsUser)
        {
            AddStored(claims, await FindStoredAsync(accounts, user, row.Roles).ConfigureAwait(false));
            ThrowIfUnreadable(claims);
            foreach (var source in accounts.Services.GetServices<IAccessTokenClaims<TUser>>())
            {
                try
                {
                    await source.AddAsync(user, new AccessTokenClaims(source.Names, claims), cancellationToken).ConfigureAwait(false);
                    ThrowIfUnreadable(claims);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    IdentityLog.ClaimsFailed(logger, exception, source.GetType(), row.UserId);
                    throw;
                }
            }
        }

        return [.. claims];
    }

    /// <summary>Finds an option that can't work, and the names that the app's classes may not add.</summary>
    public static IEnumerable<string> FindFaults(IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<CountersignClaimOptions>>().Value.RoleClaims && services.GetService<RoleClaims>() is null)
        {
            yield return $"{CountersignClaimOptions.SectionName}:{nameof(CountersignClaimOptions.RoleClaims)} is on, but there is no RoleManager. " +
                "Call AddRoles before AddCountersign, or leave it off.";
        }

        var owners = new Dictionary<string, Type>(StringComparer.Ordinal);
        foreach (var source in services.GetServices<IAccessTokenClaims<TUser>>())
        {
            var type = source.GetType();
            foreach (var name in source.Names)
            {
                if (string.IsNullOrEmpty(name) || !WellFormedText.Is(name) || KnownClaims.IsReserved(name))
                {
                    yield return $"{type.Name} adds the claim \"{name}\", which Countersign writes itself or no token can have. Give it another name.";
                }
                else if (!owners.TryAdd(name, type))
                {
                    yield return $"{type.Name} and {owners[name].Name} both add the claim \"{name}\". Leave it to one of them.";
                }
            }
        }
    }

    /// <summary>
    /// Several claims of one type become an array, in their order and each value once. A stored address must not stand beside <c>email_verified</c> of another
    /// one, so the names of what the row gives are left out.
    /// </summary>
    private void AddStored(IDictionary<string, ClaimValue> claims, IEnumerable<Claim> stored)
    {
        foreach (var ofType in stored.GroupBy(static claim => claim.Type, StringComparer.Ordinal))
        {
            // An account with a claim that no token may have, such as "sub", must still be able to log in.
            var name = ofType.Key;
            var values = ofType.Select(static claim => Clean(claim.Value)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            if (values.Count > 0 && name.Length > 0 && Clean(name) is not null && !KnownClaims.IsReserved(name) && !IsOfTheRow(name))
            {
                var value = values is [var only] ? only : ClaimValue.Array([.. values.Select(static value => (ClaimValue)value)]);
                if (TokenIssuer.CanCarry([new(name, value)]))
                {
                    claims[name] = value;
                }
            }
        }
    }

    /// <summary>Checked here, because after a login is committed it would be too late to refuse it.</summary>
    private static void ThrowIfUnreadable(ICollection<KeyValuePair<string, ClaimValue>> claims)
    {
        if (!TokenIssuer.CanCarry(claims))
        {
            throw new InvalidOperationException(
                "The claims can't be in a token: there are too many, or JSON has a name twice in one object, a lone surrogate, or more than 16 levels.");
        }
    }

    private async Task<IEnumerable<Claim>> FindStoredAsync(AccountScope<TUser> accounts, TUser user, IReadOnlyList<string> roles)
    {
        if (_options.UseClaimsPrincipalFactory)
        {
            var factory = accounts.Services.GetRequiredService<IUserClaimsPrincipalFactory<TUser>>();
            var principal = await factory.CreateAsync(user).ConfigureAwait(false);
            var own = accounts.Manager.Options.ClaimsIdentity;
            string[] left = [own.UserIdClaimType, own.UserNameClaimType, own.EmailClaimType, own.RoleClaimType, own.SecurityStampClaimType];
            return principal.Claims.Where(claim => !left.Contains(claim.Type, StringComparer.Ordinal));
        }

        List<Claim> stored = [];
        if (_options.UserClaims && accounts.Manager.SupportsUserClaim)
        {
            stored.AddRange(await accounts.Manager.GetClaimsAsync(user).ConfigureAwait(false));
        }

        if (_options.RoleClaims && accounts.Services.GetService<RoleClaims>() is { } ofRoles)
        {
            stored.AddRange(await ofRoles.FindAsync(accounts.Services, roles).ConfigureAwait(false));
        }

        return stored;
    }
}
