using Fluid;

namespace Countersign.Mail;

/// <summary>One template, parsed.</summary>
/// <param name="Name">Where it comes from, for messages.</param>
/// <param name="Template">The template.</param>
internal sealed record MailTemplate(string Name, IFluidTemplate Template);
