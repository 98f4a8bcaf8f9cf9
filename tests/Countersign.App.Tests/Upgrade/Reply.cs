using System.Text.Json;

namespace Countersign.App.Tests.Upgrade;

/// <summary>What a node has answered.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The JSON; undefined if there was none.</param>
/// <param name="Cookie">Identity's cookie, as it is sent back; null if none was set.</param>
internal sealed record Reply(int Status, JsonElement Body, string? Cookie)
{
    /// <summary>The status, and the reason: the code of ours, or the detail that Identity gives.</summary>
    public string Outcome => Status < 400 ? $"{Status}" : $"{Status} {Text("code") ?? Text("detail")}".TrimEnd();

    /// <summary>A member of the body; null if it has none.</summary>
    public string? Text(string name) =>
        Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;

    /// <summary>A token is not for the output of a test.</summary>
    public override string ToString() => Outcome;
}
