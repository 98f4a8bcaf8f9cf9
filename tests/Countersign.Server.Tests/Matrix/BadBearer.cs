namespace Countersign.Server.Tests.Matrix;

/// <summary>A bad credential at routes that take an access token.</summary>
/// <param name="Name">What is bad about it.</param>
/// <param name="Put">Puts it into a request.</param>
/// <param name="Problem">How it must be refused.</param>
internal sealed record BadBearer(string Name, Func<RawCall, RawCall> Put, Expected Problem)
{
    /// <summary>The token, where the row is about one and nothing around it.</summary>
    public string? Text { get; init; }

    /// <summary>How a route refuses it that looks for the credential by itself, where that differs.</summary>
    public Expected? ByItself { get; init; }

    /// <summary>A token in the place where tokens belong.</summary>
    public static BadBearer Token(string name, string token, string code) => Token(name, token, Expected.InvalidToken(code));

    public static BadBearer Token(string name, string token, Expected refusal) => Header(name, $"Bearer {token}", refusal) with { Text = token };

    /// <summary>A header of whatever form.</summary>
    public static BadBearer Header(string name, string value, Expected refusal) => new(name, call => call.With("Authorization", value), refusal);
}
