using Countersign.OpenApi.BuildTime;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

// The environment is Production, where each missing setting stops an ordinary start. The folder of the database does not exist.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<AppDbContext>(static options => options.UseSqlite("Data Source=/no/such/folder/app.db"));
builder.Services.AddCountersign<IdentityUser, AppDbContext>();
builder.Services.AddOpenApi(static options => options.AddCountersign());

var app = builder.Build();
app.MapCountersign();
app.MapOpenApi();
app.MapGet("/mine", static (Countersign.AspNetCore.CurrentUser user) => user.UserId);
app.Run();
