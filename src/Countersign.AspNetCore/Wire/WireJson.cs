using System.Text.Json.Serialization;
using Countersign.AspNetCore.Wire.Responses;

namespace Countersign.AspNetCore.Wire;

/// <summary>How answers are written. Names stand on the members, so that whoever describes the routes finds them too.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(UserResponse))]
[JsonSerializable(typeof(SessionListResponse))]
[JsonSerializable(typeof(MetadataResponse))]
internal sealed partial class WireJson : JsonSerializerContext;
