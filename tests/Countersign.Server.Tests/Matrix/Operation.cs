namespace Countersign.Server.Tests.Matrix;

/// <summary>One method of one address, as the server's route table has it.</summary>
/// <param name="Method">The HTTP method; a star for a route that takes any.</param>
/// <param name="Pattern">The address, with parameters in braces.</param>
/// <param name="RequiresLogin">Whether its policy asks for one of our access tokens.</param>
internal sealed record Operation(string Method, string Pattern, bool RequiresLogin)
{
    public override string ToString() => $"{Method} {Pattern}";
}
