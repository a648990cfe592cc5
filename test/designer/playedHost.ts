import { TextDocument } from 'vscode-languageserver-textdocument';
import { changedLines } from '../../src/extension/designer/changedLines';
import { planEdits } from '../../src/extension/designer/editing';
import type { ExperimentLanguage } from '../../src/extension/designer/language';
import { answerEdit } from '../../src/languageServer/edit';
import { modelOf } from '../../src/languageServer/model';
import { OpenExperiment } from '../../src/languageServer/openExperiment';
import type { DesignerState, FromDesigner, ToDesigner } from '../../src/messages/designer';

const uri = 'file:///experiment.ibrl.yaml';

/** The Designer's host without a workbench: a document in memory, with the language server's own functions. */
export class PlayedHost {
  private reading: OpenExperiment;
  private version = 1;
  /** everything but the model, the changes and `edited` */
  situation: Omit<DesignerState, 'kind' | 'model' | 'changes' | 'edited'> = { trusted: true, virtual: false, writable: true, recordings: { kind: 'none', reason: 'program' }, lastRun: null };

  constructor(
    private present: string,
    readonly saved = present,
  ) {
    this.reading = this.read(null);
  }

  get text(): string {
    return this.present;
  }

  /** As another editor of the same document does. */
  replace(text: string): void {
    const earlier = this.reading.lastReadable;
    this.present = text;
    this.version++;
    this.reading = this.read(earlier);
  }

  get state(): DesignerState {
    return { kind: 'state', model: modelOf(this.reading), edited: this.present !== this.saved, changes: changedLines(this.saved, this.present), ...this.situation };
  }

  /** What the host says to an edit, after the state that it leads to. */
  async answer({ changes, id, version }: Extract<FromDesigner, { kind: 'edit' }>): Promise<ToDesigner[]> {
    const language: ExperimentLanguage = { model: () => Promise.resolve(modelOf(this.reading)), edit: (params) => Promise.resolve(answerEdit(this.reading, params)) };
    const planned = await planEdits(language, uri, version, changes, { stale: 'stale', entangled: 'entangled' });
    if (planned.kind === 'refused') return [this.state, { kind: 'answer', id, refused: { message: planned.message, place: planned.place } }];
    const document = TextDocument.create(uri, 'ibrl', version, this.present);
    this.replace(TextDocument.applyEdits(document, planned.edits.map(({ newText, range }) => ({ newText, range }))));
    return [this.state, { kind: 'answer', id, refused: null }];
  }

  private read(earlier: OpenExperiment['lastReadable']): OpenExperiment {
    const reading = new OpenExperiment(TextDocument.create(uri, 'ibrl', this.version, this.present), earlier);
    // what the server does with each version
    void reading.current;
    return reading;
  }
}
