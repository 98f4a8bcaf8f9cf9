using System.ComponentModel.DataAnnotations;

namespace MixedApp;

public sealed record Note([MaxLength(100)] string Text);
