using System.Security.Claims;
using Countersign.Tokens;
using Countersign.Tokens.Jose;

namespace Countersign.Bearer;

/// <summary>
/// The identity of a token. Its claims are made when the app first asks for one. Most requests ask for none: authorization only asks whether there is an
/// identity, and the endpoint asks <see cref="BearerToken"/>. After the claims are made, it works like a <see cref="ClaimsIdentity"/>.
/// </summary>
/// <remarks>
/// Each request gets a new identity, because an app may change it. Several threads may read it at once, as with the platform's identity. A thread must not copy
/// it while another thread asks for the first claim. Every member that uses the list of claims is overridden. The platform has two constructors that copy
/// another identity's list; they get the claims from <see cref="UnmadeClaims"/>.
/// </remarks>
internal sealed class BearerIdentity : ClaimsIdentity
{
    /// <summary>The user name (OpenID Connect Core §5.1). A token without it is named by its subject.</summary>
    private const string NameClaim = "name";

    private readonly TokenClaims _token;
    private readonly UnmadeClaims _unmade;
    private volatile bool _isMade;

    /// <param name="token">What the token says.</param>
    /// <param name="scheme">The scheme that accepted the token. It becomes the authentication type.</param>
    public BearerIdentity(TokenClaims token, string scheme)
        : base(scheme, token.HasName ? NameClaim : ClaimNames.Subject, ClaimNames.Roles)
    {
        _token = token;
        _unmade = new UnmadeClaims(token, this);
        base.AddClaim(_unmade);
    }

    /// <inheritdoc />
    public override IEnumerable<Claim> Claims
    {
        get
        {
            Make();
            return base.Claims;
        }
    }

    /// <inheritdoc />
    /// <remarks>It makes no claims: the token's name or subject is the first claim of that type.</remarks>
    public override string? Name => _isMade ? base.Name : _token.TryGetString(NameClaimType, out var name) ? name : _token.Subject;

    /// <inheritdoc />
    /// <remarks>It makes no claims if the token has the role.</remarks>
    public override bool HasClaim(string type, string value)
    {
        if (!_isMade && type is ClaimNames.Roles && value is not null && _token.Roles.Contains(value, StringComparer.Ordinal))
        {
            return true;
        }

        Make();
        return base.HasClaim(type, value!);
    }

    /// <inheritdoc />
    public override bool HasClaim(Predicate<Claim> match)
    {
        Make();
        return base.HasClaim(match);
    }

    /// <inheritdoc />
    public override Claim? FindFirst(string type)
    {
        Make();
        return base.FindFirst(type);
    }

    /// <inheritdoc />
    public override Claim? FindFirst(Predicate<Claim> match)
    {
        Make();
        return base.FindFirst(match);
    }

    /// <inheritdoc />
    public override IEnumerable<Claim> FindAll(string type)
    {
        Make();
        return base.FindAll(type);
    }

    /// <inheritdoc />
    public override IEnumerable<Claim> FindAll(Predicate<Claim> match)
    {
        Make();
        return base.FindAll(match);
    }

    /// <inheritdoc />
    public override void AddClaim(Claim claim)
    {
        Make();
        base.AddClaim(claim);
    }

    /// <inheritdoc />
    public override void AddClaims(IEnumerable<Claim?> claims)
    {
        Make();
        base.AddClaims(claims);
    }

    /// <inheritdoc />
    public override bool TryRemoveClaim(Claim? claim)
    {
        Make();
        return base.TryRemoveClaim(claim);
    }

    /// <inheritdoc />
    public override void RemoveClaim(Claim? claim)
    {
        Make();
        base.RemoveClaim(claim);
    }

    /// <inheritdoc />
    public override ClaimsIdentity Clone()
    {
        Make();
        return base.Clone();
    }

    /// <inheritdoc />
    protected override void WriteTo(BinaryWriter writer, byte[]? userData)
    {
        Make();
        base.WriteTo(writer, userData);
    }

    private void Make()
    {
        if (_isMade)
        {
            return;
        }

        lock (_unmade)
        {
            if (!_isMade)
            {
                var claims = BearerClaims.Make(_token, this);
                base.TryRemoveClaim(_unmade);
                base.AddClaims(claims);
                _isMade = true;
            }
        }
    }

    /// <summary>
    /// Is in the platform's list of claims before the claims are made. Only the constructors that copy an identity see it (<c>new ClaimsIdentity(identity)</c>,
    /// and that of a derived class). They clone the members of the list directly, so no override can help, and they clone this one.
    /// </summary>
    private sealed class UnmadeClaims(TokenClaims token, ClaimsIdentity subject)
        : Claim("unmade", "", valueType: null, issuer: null, originalIssuer: null, subject)
    {
        /// <summary>
        /// Gives the copy all claims of the token. It returns the last claim as the clone, which the copy adds itself, and adds the others now.
        /// </summary>
        public override Claim Clone(ClaimsIdentity? identity)
        {
            ArgumentNullException.ThrowIfNull(identity);
            var claims = BearerClaims.Make(token, identity);
            var last = claims[^1];
            claims.RemoveAt(claims.Count - 1);
            identity.AddClaims(claims);
            return last;
        }
    }
}
