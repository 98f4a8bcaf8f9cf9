using System.Text.Json.Serialization;
using Countersign.AspNetCore.Wire.Answers;

namespace Countersign.AspNetCore.Wire;

/// <summary>How answers are written. Names stand on the members, so that whoever describes the routes finds them too.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(UserAnswer))]
[JsonSerializable(typeof(SessionListAnswer))]
[JsonSerializable(typeof(MetadataAnswer))]
internal sealed partial class WireJson : JsonSerializerContext;
