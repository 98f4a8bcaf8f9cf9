using System.Text.Json;

namespace Countersign.Server.Tests.Matrix;

/// <summary>A bad credential at routes that take a refresh token.</summary>
/// <param name="Name">What is bad about it.</param>
/// <param name="Put">Makes the request of a route with it.</param>
/// <param name="AtRefresh">How an exchange of it must be refused.</param>
/// <param name="AtLogout">
/// How a logout by it must be refused; null where it still says whose session it was. A logout everywhere is refused as an exchange is.
/// </param>
internal sealed record BadRefreshToken(string Name, Func<Operation, RawCall> Put, Expected AtRefresh, Expected? AtLogout)
{
    private static readonly Expected Forged = Expected.Grant("refresh_token_invalid");

    /// <summary>The token, where it is the same for every route.</summary>
    public string? Text { get; init; }

    /// <summary>What its refusal may change: the tables' names with a space between; null for nothing.</summary>
    public string? Writes { get; init; }

    /// <summary>A token that the server never made.</summary>
    public static BadRefreshToken NotOurs(string name, string token, string code = "refresh_token_invalid") =>
        new(name, operation => Body(operation, token), Expected.Grant(code), Forged) { Text = token };

    /// <summary>A token that the server made, and takes no more.</summary>
    public static BadRefreshToken Over(string name, string token, string code) =>
        new(name, operation => Body(operation, token), Expected.Grant(code), AtLogout: null) { Text = token };

    /// <summary>The request in JSON.</summary>
    public static RawCall Json(Operation operation, string token) =>
        new RawCall(operation.Method, operation.Pattern).WithBody("application/json", JsonSerializer.Serialize(new { refresh_token = token }));

    /// <summary>The form of the token endpoint.</summary>
    public static RawCall Form(Operation operation, string token) =>
        new RawCall(operation.Method, operation.Pattern).WithBody(
            "application/x-www-form-urlencoded", $"grant_type=refresh_token&refresh_token={Uri.EscapeDataString(token)}");

    private static RawCall Body(Operation operation, string token) =>
        operation.Pattern.EndsWith("/token", StringComparison.Ordinal) ? Form(operation, token) : Json(operation, token);
}
