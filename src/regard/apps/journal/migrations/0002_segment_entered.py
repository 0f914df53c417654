from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_journal_rows")]

    operations = [
        migrations.AddField(model_name="segment", name="entered", field=models.BinaryField(null=True)),
    ]
