using System.Text.Json.Serialization;
using Countersign.AspNetCore.Wire.Responses;

namespace Countersign.AspNetCore.Wire;

/// <summary>How responses are written. The members have their names as attributes, so that descriptions of routes find them too.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(UserResponse))]
[JsonSerializable(typeof(SessionListResponse))]
[JsonSerializable(typeof(MetadataResponse))]
internal sealed partial class WireJson : JsonSerializerContext;
