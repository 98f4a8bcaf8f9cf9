using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.AspNetCore.Wire.Responses;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Server.Health;

namespace Countersign.Server.OpenApi;

/// <summary>One example of each request and each response, made with the types that are read and written.</summary>
internal static class Examples
{
    private const string Email = "ada@example.com";
    private const string Password = "correct horse battery";

    // Shortened: a genuine token is longer, and these are valid nowhere.
    private const string AccessToken = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl";
    private const string RefreshToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6InJ0K2p3dCJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl";

    private const string MailToken = "bm90IGEgdG9rZW4sIGJ1dCBpdCBsb29rcyBsaWtlIGE";

    private const string Issuer = "https://auth.example.com";

    private static readonly Guid Account = new("019a3b6e-5c00-7d3a-9f21-6f0d8a1c2b3e");
    private static readonly Guid Session = new("019a3b6e-7b40-7c11-8a57-2d94e0b6f1a8");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<Type, object> All = new object[]
    {
        new RegisterRequest { Email = Email, Password = Password, DisplayName = "Ada" },
        new LoginRequest { Username = Email, Password = Password },
        new RefreshRequest { RefreshToken = RefreshToken },
        new TokenRequest { GrantType = "refresh_token", RefreshToken = RefreshToken },
        new ChangePasswordRequest { CurrentPassword = Password, NewPassword = "violet umbrella orbit" },
        new EmailRequest { Email = Email },
        new ResetPasswordRequest { Token = MailToken, NewPassword = "violet umbrella orbit" },
        new ConfirmEmailRequest { Token = MailToken, Password = Password },
        new LogoutRequest { RefreshToken = RefreshToken },
        new UpdateAccountRequest { DisplayName = "Ada Lovelace" },
        new DeleteAccountRequest { CurrentPassword = Password },
        new TokenResponse { AccessToken = AccessToken, RefreshToken = RefreshToken, TokenType = "bearer", ExpiresIn = 1740, RefreshGeneration = 0 },
        new UserResponse
        {
            Id = Account.ToString(), Email = Email, EmailConfirmed = false, DisplayName = "Ada", IsActive = true, Roles = ["editor"], CreatedAt = Noon,
        },
        new SessionListResponse { Sessions = [SessionExample()], Next = null },
        new KeySetResponse { Keys = [KeyExample()] },
        new MetadataResponse
        {
            Issuer = Issuer,
            JwksUri = Issuer + "/.well-known/jwks.json",
            TokenEndpoint = Issuer + "/api/v1/auth/token",
            TokenEndpointAuthMethodsSupported = ["none"],
            GrantTypesSupported = ["refresh_token"],
            IntrospectionEndpoint = Issuer + "/api/v1/auth/introspect",
            IntrospectionEndpointAuthMethodsSupported = ["client_secret_basic", "client_secret_post"],
            RevocationEndpoint = Issuer + "/api/v1/auth/revoke",
            RevocationEndpointAuthMethodsSupported = ["client_secret_basic", "client_secret_post", "none"],
            ResponseTypesSupported = [],
            SubjectTypesSupported = ["public"],
            SigningAlgorithms = ["ES256"],
        },
        new ClientTokenRequest { Token = AccessToken, TokenTypeHint = "access_token" },
        new IntrospectionDocument
        {
            Active = true,
            TokenType = "Bearer",
            ClientId = "countersign",
            Subject = Account.ToString(),
            Audience = Issuer,
            Issuer = Issuer,
            ExpiresAt = Noon.AddMinutes(29).ToUnixTimeSeconds(),
            IssuedAt = Noon.ToUnixTimeSeconds(),
            TokenId = "n0b1C2d3E4f5G6h7I8j9Kg",
            SessionId = Session,
            AuthenticatedAt = Noon.ToUnixTimeSeconds(),
            Methods = ["pwd"],
            Roles = ["editor"],
        },
        new HealthResponse("ready", []),
    }.ToDictionary(static example => example.GetType());

    /// <summary>The example of a type.</summary>
    /// <returns>Null if it has none.</returns>
    public static JsonNode? Find(Type? type) =>
        type is not null && All.TryGetValue(type, out var example) ? JsonSerializer.SerializeToNode(example, type, JsonSerializerOptions.Web) : null;

    private static SessionResponse SessionExample() => new()
    {
        Id = Session,
        CreatedAt = Noon,
        RefreshedAt = Noon.AddHours(1),
        ExpiresAt = Noon.AddDays(90),
        IdleExpiresAt = Noon.AddHours(1).AddDays(7),
        IpAddress = "192.0.2.7",
        UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        Label = "Firefox on Linux",
        Current = true,
    };

    // The coordinates of RFC 7515 appendix A.3.1.
    private static KeyResponse KeyExample() => new()
    {
        KeyType = "EC",
        Use = "sig",
        Algorithm = "ES256",
        KeyId = "8KWVMBztJxH6lQsrxhaKL546ZwG6dUG5TQa4ZtnGZa8",
        Curve = "P-256",
        X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    };
}
