using System.Text.Json.Serialization;

namespace Countersign.Benchmarks.Tokens.Peers;

/// <summary>The member of the header that the application checks itself.</summary>
internal sealed class PlainHeader
{
    [JsonPropertyName("typ")]
    [Newtonsoft.Json.JsonProperty("typ")]
    public string? Typ { get; init; }
}
