using Countersign.Bearer.Authority;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>
/// The default scheme of an app whose former default must go on working: a request with a token of ours is answered by our scheme, every other request by the
/// scheme that answered it before. One instance serves one request.
/// </summary>
/// <remarks>
/// A token of ours is a JWT that names our issuer, or none. An opaque token (Identity's begin with <c>CfDJ8</c>) and a JWT that names another issuer belong to
/// the former default. The issuer is not verified here. It only decides who verifies the token.
/// </remarks>
internal sealed class DefaultSchemeHandler(DefaultScheme defaultScheme, BearerSchemes schemes) : IAuthenticationHandler
{
    /// <summary>The base64url of <c>{"</c>, with which a JWT begins.</summary>
    private const string JwtPrefix = "eyJ";

    /// <summary>As <c>TokenPolicy.MaxTokenBytes</c>. Our scheme refuses a longer token without reading it.</summary>
    private const int MaxTokenLength = 8192;

    private HttpContext? _context;
    private bool? _isOurs;

    private HttpContext Context => _context ?? throw new InvalidOperationException("The handler was not initialised.");

    private DefaultSchemeTargets Targets => defaultScheme.Targets ?? throw new InvalidOperationException("There is no scheme to forward to.");

    /// <inheritdoc />
    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<AuthenticateResult> AuthenticateAsync() => Context.AuthenticateAsync(Choose(Targets.Authenticate));

    /// <inheritdoc />
    public Task ChallengeAsync(AuthenticationProperties? properties) => Context.ChallengeAsync(Choose(Targets.Challenge), properties);

    /// <inheritdoc />
    public Task ForbidAsync(AuthenticationProperties? properties) => Context.ForbidAsync(Choose(Targets.Forbid), properties);

    private string Choose(string? former) => former is null || (_isOurs ??= IsOurs()) ? Targets.Ours : former;

    private bool IsOurs()
    {
        var scheme = schemes.Find(Targets.Ours);
        var token = BearerTokenSource.Peek(Context.Request, scheme);
        return token.StartsWith(JwtPrefix, StringComparison.Ordinal)
            && (token.Length > MaxTokenLength || scheme.Issuer is not { } issuer || UnverifiedIssuer.Of(token, issuer) != TokenOrigin.Foreign);
    }
}
